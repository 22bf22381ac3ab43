package io.celeriac.schedule.declaration;

import io.celeriac.schedule.rule.InvalidScheduleException;

/** A position in the list of declared schedules, where the next page starts. Clients must not interpret its text. */
record DeclarationCursor(String source, String name) {

    static final DeclarationCursor BEGIN = new DeclarationCursor("", "");

    static DeclarationCursor after(DeclaredSchedule last) {
        return new DeclarationCursor(last.source(), last.name());
    }

    static DeclarationCursor of(String text) {
        var at = text.indexOf('~');
        try {
            var name = at + 1 + Integer.parseInt(text.substring(0, Math.max(at, 0)));
            return new DeclarationCursor(text.substring(at + 1, name), text.substring(name));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new InvalidScheduleException("cursor", "must be one that a page answered");
        }
    }

    @Override
    public String toString() {
        return source.length() + "~" + source + name;
    }
}
