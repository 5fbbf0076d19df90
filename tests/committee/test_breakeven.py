from committee.breakeven import BOTTOM, LEFT, RIGHT, TOP, chart


def test_the_example_of_the_plan_office():
    drawn = chart(initial=4300, yearly_cost=1500, yearly_effect=3770, years=5)
    assert [(row.label, row.cost, row.effect, row.balance) for row in drawn.years] == [
        ("導入時", 4300, 0, -4300),
        ("1年目", 5800, 3770, -2030),
        ("2年目", 7300, 7540, 240),
        ("3年目", 8800, 11310, 2510),
        ("4年目", 10300, 15080, 4780),
        ("5年目", 11800, 18850, 7050),
    ]
    assert [tick.label for tick in drawn.ticks] == ["0", "500", "1,000", "1,500", "2,000"]
    assert (drawn.crossing.x, drawn.crossing.y) == (315.8, 156.0)
    assert drawn.cost_line.startswith("62,183.9 196,169.2")
    assert drawn.effect_line.endswith("732,41.3")


def test_no_crossing_when_the_effect_never_overtakes():
    assert chart(initial=4300, yearly_cost=3770, yearly_effect=3770, years=5).crossing is None
    assert chart(initial=20_000, yearly_cost=1500, yearly_effect=3770, years=5).crossing is None


def test_everything_stays_inside_the_frame_whatever_the_figures():
    for initial, cost, effect in (
        (0, 0, 0),
        (1, 0, 0),
        (0, 0, 1),
        (10**7, 10**7, 5 * 10**9),
        (7, 3, 11),
        (999, 0, 1000),
    ):
        drawn = chart(initial=initial, yearly_cost=cost, yearly_effect=effect, years=5)
        points = [*drawn.cost, *drawn.effect, *([drawn.crossing] if drawn.crossing else [])]
        assert all(LEFT <= point.x <= RIGHT and TOP <= point.y <= BOTTOM for point in points)
        assert 2 <= len(drawn.ticks) <= 6
        assert len({tick.label for tick in drawn.ticks}) == len(drawn.ticks)


def test_names_at_the_right_end_never_touch():
    for effect in range(1000, 3000, 50):
        drawn = chart(initial=100, yearly_cost=2000, yearly_effect=effect, years=5)
        assert abs(drawn.cost_label_y - drawn.effect_label_y) >= 17.9
