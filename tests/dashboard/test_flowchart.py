"""The flowchart's ways and symbols, as they follow from the rows."""

from __future__ import annotations

from itertools import pairwise

from dashboard.flowchart import Line, Row, Shape, draw
from tickets.models import Actor, SopStep

LEFT, MIDDLE, RIGHT = "16.67%", "50%", "83.33%"


def step(number: int, *actors: Actor, fails_to: int | None = None) -> SopStep:
    return SopStep(number=number, activity=f"Langkah {number}", actors=list(actors), fails_to=fails_to)


def shapes(rows: list[Row]) -> list[list[tuple[Shape, str]]]:
    return [[(symbol.shape, symbol.x) for symbol in row.symbols] for row in rows]


def test_the_first_and_the_last_symbol_are_terminators() -> None:
    rows = draw([step(1, Actor.EMPLOYEE, Actor.ADMIN), step(2, Actor.TECHNICIAN), step(3, Actor.TECHNICIAN)])

    assert shapes(rows) == [
        [(Shape.TERMINATOR, LEFT), (Shape.PROCESS, MIDDLE)],
        [(Shape.PROCESS, RIGHT)],
        [(Shape.TERMINATOR, RIGHT)],
    ]


def test_a_step_that_can_fail_is_a_decision() -> None:
    rows = draw([step(1, Actor.ADMIN), step(2, Actor.ADMIN, fails_to=1), step(3, Actor.ADMIN)])

    assert rows[1].symbols[0].shape is Shape.DECISION
    assert rows[1].is_decision


def test_actors_of_one_step_are_joined_in_the_order_in_which_they_act() -> None:
    rows = draw([step(1, Actor.EMPLOYEE, Actor.ADMIN), step(2, Actor.TECHNICIAN, Actor.EMPLOYEE)])

    assert Line(LEFT, "50%", MIDDLE, "50%") in rows[0].lines
    assert rows[0].symbols[1].entries == ["left"]
    assert Line(RIGHT, "50%", LEFT, "50%") in rows[1].lines
    assert rows[1].symbols[1].entries == ["right"]


def test_the_way_goes_straight_down_within_a_column() -> None:
    rows = draw([step(1, Actor.ADMIN), step(2, Actor.ADMIN)])

    assert rows[0].lines == [Line(MIDDLE, "50%", MIDDLE, "100%")]
    assert rows[1].lines == [Line(MIDDLE, "0%", MIDDLE, "50%")]
    assert rows[1].symbols[0].entries == ["top"]


def test_the_way_turns_beside_its_symbol_where_nobody_is_between() -> None:
    rows = draw([step(1, Actor.EMPLOYEE), step(2, Actor.TECHNICIAN)])

    assert rows[0].lines == [Line(LEFT, "50%", RIGHT, "50%"), Line(RIGHT, "50%", RIGHT, "100%")]
    assert rows[1].lines == [Line(RIGHT, "0%", RIGHT, "50%")]


def test_the_way_turns_below_where_another_actor_is_between() -> None:
    rows = draw([step(1, Actor.TECHNICIAN, Actor.EMPLOYEE), step(2, Actor.TECHNICIAN)])

    assert Line(LEFT, "50%", LEFT, "100%") in rows[0].lines
    assert rows[1].lines == [
        Line(LEFT, "0%", LEFT, "12%"),
        Line(LEFT, "12%", RIGHT, "12%"),
        Line(RIGHT, "12%", RIGHT, "50%"),
    ]


def test_the_way_back_runs_beside_every_row_between() -> None:
    rows = draw([step(1, Actor.ADMIN), step(2, Actor.ADMIN), step(3, Actor.ADMIN, fails_to=1)])
    back = [[line for line in row.lines if line.back] for row in rows]
    lane = rows[2].lane

    assert back == [
        [Line(lane, "100%", lane, "50%", back=True), Line(lane, "50%", MIDDLE, "50%", back=True)],
        [Line(lane, "100%", lane, "0%", back=True)],
        [Line(MIDDLE, "50%", lane, "50%", back=True), Line(lane, "50%", lane, "0%", back=True)],
    ]
    assert rows[0].symbols[0].entries == ["back"]


def test_lines_meet_where_a_row_ends_and_the_next_begins() -> None:
    rows = draw(
        [step(1, Actor.EMPLOYEE, Actor.ADMIN), step(2, Actor.TECHNICIAN), step(3, Actor.TECHNICIAN, fails_to=2)]
    )
    for upper, lower in pairwise(rows):
        leaving = {end for line in upper.lines for end in _ends(line, "100%")}
        entering = {end for line in lower.lines for end in _ends(line, "0%")}
        assert leaving == entering
        assert leaving


def test_arrows_touch_the_symbols_edge() -> None:
    rows = draw([step(1, Actor.ADMIN), step(2, Actor.ADMIN, fails_to=1), step(3, Actor.ADMIN)])

    assert rows[1].symbols[0].arrows == [("top", "M0 -26l-6 -11H6Z")]
    assert rows[0].symbols[0].arrows == [("back", "M34 0l11 -6V6Z")]


def test_no_steps_make_no_rows() -> None:
    assert draw([]) == []


def _ends(line: Line, height: str) -> list[str]:
    return [x for x, y in ((line.x1, line.y1), (line.x2, line.y2)) if y == height]
