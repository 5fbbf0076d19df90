from initiatives.actions.adoption import adopt_plan

__all__ = ["adopt_plan"]
