package io.celeriac.schedule.declaration;

import io.celeriac.contract.json.CursorText;
import io.celeriac.schedule.rule.InvalidScheduleException;

/** A position in the list of declared schedules, where the next page starts. Clients must not interpret its text. */
record DeclarationCursor(String source, String name) {

    static final DeclarationCursor BEGIN = new DeclarationCursor("", "");

    static DeclarationCursor after(DeclaredSchedule last) {
        return new DeclarationCursor(last.source(), last.name());
    }

    static DeclarationCursor of(String text) {
        try {
            var fields = CursorText.fields(text, 2);
            return new DeclarationCursor(fields.get(0), fields.get(1));
        } catch (IllegalArgumentException e) {
            throw new InvalidScheduleException("cursor", "must be one that a page answered");
        }
    }

    @Override
    public String toString() {
        return CursorText.of(source, name);
    }
}
