from initiatives.models.plan import Chapter, GlossaryTerm, Initiative, Plan, PlanRole, Principle

__all__ = ["Chapter", "GlossaryTerm", "Initiative", "Plan", "PlanRole", "Principle"]
