package io.celeriac.controlweb.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.contract.control.Heartbeat.State;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.task.Task;
import io.celeriac.controlweb.fleet.TestFleet;
import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetWarningsTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Task FITTING =
            Task.named("mail.send").kwarg("to", "ada@example.org").build();

    private final MutableClock clock = MutableClock.at(NOW);
    private final TestFleet heard = new TestFleet(clock);
    private final FleetWarnings warnings = new FleetWarnings(heard.fleet(), clock);

    private static Heartbeat worker(String id, String queue, String task) {
        return new Heartbeat(
                id,
                "host",
                null,
                NOW,
                NOW,
                State.RUNNING,
                new LimitInForce<>(4, 4),
                0,
                0,
                List.of(new QueuePart(queue, "RUNNING", null, List.of())),
                List.of(),
                List.of(new HandlerInfo(
                        task,
                        List.of("old." + task),
                        List.of(new ParameterInfo("to", "String", true), new ParameterInfo("subject", "String", false)),
                        new LimitInForce<>(null, null),
                        new LimitInForce<>(null, null),
                        null)),
                List.of());
    }

    @Test
    void saysNothingOfWhatALiveHandlerTakes() {
        heard.isUpToDate();
        heard.hears(worker("a", "mail", "mail.send"));

        assertThat(warnings.of("mail", FITTING)).isEmpty();
        assertThat(warnings.of("mail", Task.of("mail.send", "ada@example.org", "hello")))
                .isEmpty();
        assertThat(warnings.of(
                        "mail", Task.named("old.mail.send").kwarg("to", "ada").build()))
                .isEmpty();
    }

    @Test
    void tellsWhatIsMissingByACode() {
        heard.isUpToDate();
        heard.hears(worker("a", "mail", "mail.send"));
        heard.hears(LiveSetting.ofQueue("paused", "1", "ada", NOW, true, "the disk is full"));

        assertThat(warnings.of("reports", FITTING)).containsExactly("no-worker: no live worker takes queue reports");
        assertThat(warnings.of("mail", Task.of("mail.purge")))
                .containsExactly("no-handler: no live worker of queue mail has a handler for mail.purge");
        assertThat(warnings.of("mail", Task.of("mail.send")))
                .containsExactly("arguments: no live handler of mail.send takes these arguments: \"to\" is missing");
        assertThat(warnings.of("mail", Task.of("mail.send", 1, 2, 3)))
                .singleElement()
                .asString()
                .startsWith("arguments: ");
        assertThat(warnings.of("paused", FITTING))
                .containsExactly(
                        "queue-paused: queue paused is paused since 2026-01-31T12:00:00Z by ada: the disk is full",
                        "no-worker: no live worker takes queue paused");
    }

    /** During an update some workers have the new handler already. */
    @Test
    void isContentWithOneHandlerThatFits() {
        heard.isUpToDate();
        heard.hears(worker("a", "mail", "other"));
        heard.hears(worker("b", "mail", "mail.send"));

        assertThat(warnings.of("mail", FITTING)).isEmpty();
    }

    @Test
    void saysNothingWhileItIsNotKnownWhoIsUp() {
        assertThat(warnings.of("mail", FITTING)).isEmpty();

        heard.isBehind();
        assertThat(warnings.of("mail", FITTING)).isEmpty();

        heard.isUpToDate();
        assertThat(warnings.of("mail", FITTING)).hasSize(1);

        clock.advance(Duration.ofMinutes(1)); // the broker is away
        assertThat(warnings.of("mail", FITTING)).isEmpty();
    }

    @Test
    void noticesAWorkerWithinASecond() {
        heard.isUpToDate();
        assertThat(warnings.of("mail", FITTING)).hasSize(1);

        heard.hears(worker("a", "mail", "mail.send"));
        clock.advance(Duration.ofMillis(1_001));

        assertThat(warnings.of("mail", FITTING)).isEmpty();
    }
}
