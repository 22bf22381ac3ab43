package io.celeriac.test.sent;

import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.AssertProvider;

/**
 * The tasks that were sent since the test began, in order: those of clients and, where tasks run, those that tasks emitted.
 *
 * <pre>{@code
 * assertThat(sent).sent("mail.send").once().withArg("to", "ada@example.org");    // AssertJ's own assertThat
 * }</pre>
 */
public final class SentTasks implements AssertProvider<SentTasksAssert> {

    private final Supplier<List<SentTask>> all;

    /** @param all answers the tasks at the time of the call */
    public SentTasks(Supplier<List<SentTask>> all) {
        this.all = all;
    }

    /** All tasks, in the order in which they were sent. */
    public List<SentTask> all() {
        return List.copyOf(all.get());
    }

    /** The tasks of a name, in the order in which they were sent. */
    public List<SentTask> of(String name) {
        return all().stream().filter(task -> task.name().equals(name)).toList();
    }

    /** Called by AssertJ's {@code assertThat}. */
    @Override
    public SentTasksAssert assertThat() {
        return new SentTasksAssert(this);
    }

    @Override
    public String toString() {
        return SentText.of(all());
    }
}
