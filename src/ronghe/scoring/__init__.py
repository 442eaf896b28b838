"""Scoring: a score sheet, facts in, points out, every number open down to the facts.

A sheet is a tree of nodes. Two questions keep it small:

- *what is measured*: `measures/` reads facts, obligations, marks or last year's total, and answers with one exact
  fraction a subject;
- *how it becomes points*: `nodes/` turns a measure or its items into points out of a full mark.

Every word of the language is one class in one file that knows four things: its JSON Schema, its Ibis expression, its
words, and a small pure-Python twin. The Ibis side scores a million subjects in one scan (`plan`); the twin scores one
subject from its facts and keeps the way it went, which is the explanation (`explain`). Tests hold the two together.

Nothing here knows Django, the database or the organization: tables in, tables out.
"""
