"""Interests with something that is not wanted within them, and two papers for each: one to drop and one to keep.

Written for this project; no paper in here exists.
"""

from __future__ import annotations

from tests.fakes.negative_cases.case import NegativeCase
from tests.fakes.negative_cases.machine_learning import MACHINE_LEARNING
from tests.fakes.negative_cases.sciences import SCIENCES
from tests.fakes.negative_cases.systems_and_people import SYSTEMS_AND_PEOPLE

CASES: tuple[NegativeCase, ...] = (*MACHINE_LEARNING, *SCIENCES, *SYSTEMS_AND_PEOPLE)
