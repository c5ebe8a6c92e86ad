"""A small questionnaire with every kind of question, for tests of several rooms."""

from opora.questionnaires.reading import read_form

TEXT = """
name: trial-2026
year: 2026
audience: pupil
grades: [6]
languages: [ru, en]
status: Opora default
title: {ru: Проба, en: Trial}
introduction: {ru: Несколько вопросов, en: A few questions}
purpose: {ru: Чтобы проверить, en: To check}
legal_basis: {ru: Добровольно, en: Voluntary}
used_by: {ru: Школа, en: The school}
minutes: 3
voluntary: true
anonymous: true
scales:
  agree:
    - {ru: нет, en: "no"}
    - {ru: скорее нет, en: rather no}
    - {ru: скорее да, en: rather yes}
    - {ru: да, en: "yes"}
pages:
  - title: {ru: Уроки, en: Lessons}
    items:
      - name: clear
        type: agreement
        scale: agree
        required: true
        dont_know: true
        text: {ru: "Понятно?", en: "Clear?"}
      - name: why
        type: choice
        options: {fast: {ru: быстро, en: fast}, noise: {ru: шумно, en: noisy}}
        text: {ru: "Что мешает?", en: "What hinders?"}
        asked_if: {field: clear, at_most: 2}
      - name: noise_from
        type: text
        text: {ru: "Откуда шум?", en: "Where from?"}
        asked_if: {field: why, is: noise}
  - title: {ru: Школа, en: School}
    text: {ru: Подумайте о последней неделе, en: Think of the last week}
    items:
      - name: days
        type: matrix
        scale: agree
        rows: {calm: {ru: спокойно, en: calm}, kind: {ru: дружно, en: kind}}
        text: {ru: "Как в классе?", en: "How is the class?"}
      - name: help
        type: choices
        most: 2
        options:
          home: {ru: дома, en: home}
          school: {ru: в школе, en: school}
          friend: {ru: друг, en: friend}
        text: {ru: "Кто помогает?", en: "Who helps?"}
      - name: missed
        type: count
        most: 30
        dont_know: true
        text: {ru: "Сколько пропустили?", en: "How many missed?"}
      - name: part
        type: share
        text: {ru: "Какая часть?", en: "What part?"}
        asked_if:
          any:
            - {field: missed, at_least: 5}
            - {all: [{field: help.home, is: 1}, {field: days.calm, is: [1, 2]}]}
"""


def trial():
    """Read the small questionnaire."""
    return read_form(TEXT, "trial.yaml")
