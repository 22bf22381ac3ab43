package io.celeriac.web.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.client.Receipt;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.receipt.LatestReceipts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ChosenIdsTest {

    private static final Caller MAIL =
            new Caller("shop", Caller.Kind.TOKEN, Set.of(Authority.TASK_SUBMIT), Set.of("mail"), null);

    private final LatestReceipts receipts = new LatestReceipts();
    private final ChosenIds ids = new ChosenIds(
            () -> asked -> {
                var queues = new LinkedHashMap<>(Map.of("old-mail", "mail", "payroll-7", "payroll"));
                queues.keySet().retainAll(asked);
                return queues;
            },
            receipts);

    @Test
    void refusesTheIdOfATaskInAnotherQueue() {
        assertThatThrownBy(() -> ids.require(MAIL, "id", "payroll-7"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("id: there is a task with the id payroll-7")
                .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
                .doesNotContain("queue payroll"); // its name is a secret too
    }

    @Test
    void refusesTheIdOfATaskThatHasNoRowYet() {
        receipts.add(new Receipt("payroll-8", "pay-roll-2026", 3, 41));
        receipts.add(new Receipt("mail-8", "mail", 3, 41));

        assertThatThrownBy(() -> ids.require(MAIL, "id", "payroll-8")).isInstanceOf(ProblemException.class);
        assertThatCode(() -> ids.require(MAIL, "id", "mail-8")).doesNotThrowAnyException();
        assertThat(receipts.queueOf("payroll-8")).isEqualTo("pay-roll-2026");
        assertThat(receipts.queueOf("other")).isNull();
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
        var never = new ChosenIds(
                () -> asked -> {
                    throw new AssertionError("asked for " + asked);
                },
                receipts);

        assertThatCode(() -> never.require(Caller.OPEN, "id", "payroll-7")).doesNotThrowAnyException();
    }
}
