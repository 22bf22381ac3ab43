package io.celeriac.test.sent;

import org.assertj.core.api.AbstractAssert;

/** Assertions about all tasks that were sent. */
public final class SentTasksAssert extends AbstractAssert<SentTasksAssert, SentTasks> {

    SentTasksAssert(SentTasks actual) {
        super(actual, SentTasksAssert.class);
    }

    /** Verifies that a task of the name was sent, and goes on with the tasks of that name. */
    public SentTaskAssert sent(String name) {
        var found = actual.of(name);
        if (found.isEmpty()) {
            throw failure("Expected a task %s to be sent, but sent was: %s", name, SentText.of(actual.all()));
        }
        var next = new SentTaskAssert(actual, found, "task " + name);
        return info.hasDescription() ? next.as(info.description()) : next;
    }

    /** Verifies that no task of the name was sent. */
    public SentTasksAssert neverSent(String name) {
        var found = actual.of(name);
        if (!found.isEmpty()) {
            throw failure("Expected no task %s to be sent, but sent was: %s", name, SentText.of(found));
        }
        return this;
    }

    /** Verifies that no task was sent. */
    public SentTasksAssert sentNothing() {
        return sentInAll(0);
    }

    /** Verifies how many tasks were sent, whatever their names. */
    public SentTasksAssert sentInAll(int times) {
        var all = actual.all();
        if (all.size() != times) {
            throw failure("Expected %d tasks to be sent, but there are %d: %s", times, all.size(), SentText.of(all));
        }
        return this;
    }
}
