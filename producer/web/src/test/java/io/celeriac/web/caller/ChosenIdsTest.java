package io.celeriac.web.caller;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.web.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ChosenIdsTest {

    private static final Caller MAIL =
            new Caller("shop", Caller.Kind.TOKEN, Set.of(Authority.TASK_SUBMIT), Set.of("mail"), null);

    private final ChosenIds ids = new ChosenIds(() -> asked -> {
        var queues = new LinkedHashMap<>(Map.of("old-mail", "mail", "payroll-7", "payroll"));
        queues.keySet().retainAll(asked);
        return queues;
    });

    @Test
    void refusesTheIdOfATaskInAnotherQueue() {
        assertThatThrownBy(() -> ids.require(MAIL, "id", "payroll-7"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("id: there is a task with the id payroll-7")
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
                .doesNotContain("queue payroll"); // its name is a secret too
    }

    @Test
    void namesTheTaskOfABatch() {
        assertThatThrownBy(() -> ids.require(MAIL, Map.of("new", "[0].id", "payroll-7", "[1].id")))
                .hasMessageContaining("[1].id");
    }

    @Test
    void takesNewIdsAndThoseOfItsOwnQueues() {
        assertThatCode(() -> {
                    ids.require(MAIL, "id", "new");
                    ids.require(MAIL, "id", "old-mail");
                    ids.require(MAIL, "id", null);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void asksNothingForACallerOfAllQueues() {
        var never = new ChosenIds(() -> asked -> {
            throw new AssertionError("asked for " + asked);
        });

        assertThatCode(() -> never.require(Caller.OPEN, "id", "payroll-7")).doesNotThrowAnyException();
    }
}
