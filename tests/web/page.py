"""What a live page does with snapshots and messages (hall/web/static/js/live_state.js), for tests in Python."""

from __future__ import annotations

import copy
from typing import Any

from hall.domain.events import id_order

Json = dict[str, Any]


class Page:
    def __init__(self) -> None:
        self.tables: dict[str, Json] = {}
        self.counts: dict[str, int] = {}
        self.keep: dict[str, int] = {}
        self.last = "0-0"
        self.again = False

    def snapshot(self, answer: Json) -> Page:
        shot = copy.deepcopy(answer["snapshot"])
        self.tables, self.counts, self.keep = shot["tables"], shot["counts"], shot["keep"]
        self.last, self.again = answer["as_of"], False
        return self

    def answer(self, answer: Json) -> Page:
        """The answer to a join."""
        if answer["snapshot"]:
            return self.snapshot(answer)
        for message in answer["messages"]:
            self.message(message)
        self.last = max(self.last, answer["as_of"], key=id_order)
        return self

    def message(self, message: Json) -> None:
        if id_order(message["id"]) <= id_order(self.last):
            return
        self.last = message["id"]
        self.again = self.again or message.get("again", False)
        for table, key in message.get("remove", []):
            self.tables.get(table, {}).pop(key, None)
        for table, key, row in message.get("put", []):
            self.tables.setdefault(table, {})[key] = row
        self.counts.update(message.get("counts", {}))
        for table, size in self.keep.items():
            newest = sorted(self.tables.get(table, {}), key=id_order)[-size:]
            self.tables[table] = {key: self.tables[table][key] for key in newest}

    def seen(self) -> Json:
        """Without tables that have no row: a snapshot may name them or not."""
        return {"tables": {name: rows for name, rows in self.tables.items() if rows}, "counts": self.counts}
