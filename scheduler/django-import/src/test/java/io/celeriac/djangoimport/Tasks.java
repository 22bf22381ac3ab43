package io.celeriac.djangoimport;

import io.celeriac.djangoimport.SourceTask.Limits;
import io.celeriac.djangoimport.SourceTask.Routing;
import java.util.List;

/** Rows of a source, the way a test wants them. */
final class Tasks {

    static final SourceRule HOURLY = new SourceRule.Every(1, "hours");
    static final Routing NOWHERE = new Routing(null, null, null, null, null);
    static final Limits ENABLED = new Limits(true, false, null, null, null, null, 0);

    private Tasks() {}

    static SourceTask of(SourceRule... rules) {
        return with(NOWHERE, ENABLED, rules);
    }

    static SourceTask with(Routing routing, SourceRule... rules) {
        return with(routing, ENABLED, rules);
    }

    static SourceTask with(Limits limits, SourceRule... rules) {
        return with(NOWHERE, limits, rules);
    }

    private static SourceTask with(Routing routing, Limits limits, SourceRule... rules) {
        return new SourceTask(1, "a", "demo.noop", List.of(rules), "[]", "{}", routing, limits, "");
    }

    static SourceTask named(long id, String name) {
        return new SourceTask(id, name, "demo.noop", List.of(HOURLY), "[]", "{}", NOWHERE, ENABLED, "");
    }

    static SourceTask calling(String task, String args, String kwargs) {
        return new SourceTask(1, "a", task, List.of(HOURLY), args, kwargs, NOWHERE, ENABLED, "");
    }

    static SourceTask described(String description) {
        return new SourceTask(1, "a", "demo.noop", List.of(HOURLY), null, "", NOWHERE, ENABLED, description);
    }
}
