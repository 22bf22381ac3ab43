package io.celeriac.controlweb.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.Acknowledgement;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.State;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final MutableClock clock = MutableClock.at(NOW);
    private final Fleet fleet = new Fleet(clock);

    private static Heartbeat heartbeat(String id, State state, String... acknowledged) {
        return new Heartbeat(
                id,
                "host",
                null,
                NOW,
                NOW,
                state,
                new LimitInForce<>(4, 4),
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(acknowledged).stream()
                        .map(command -> new Acknowledgement(command, NOW, null))
                        .toList());
    }

    @Test
    void losesAWorkerThatIsSilentAndNotOneThatHasStopped() {
        fleet.brokerAnswered();
        fleet.heard(heartbeat("silent", State.RUNNING), NOW);
        fleet.heard(heartbeat("stopped", State.STOPPED), NOW);
        assertThat(fleet.live()).hasSize(1);
        clock.advance(Duration.ofSeconds(16));
        fleet.brokerAnswered();
        assertThat(fleet.live()).isEmpty();
        assertThat(fleet.find("silent").orElseThrow().isLost(fleet.listenedUntil()))
                .isTrue();
        assertThat(fleet.find("stopped").orElseThrow().isLost(fleet.listenedUntil()))
                .isFalse();
    }

    /** It hears nothing of anybody, so nobody is lost for that. */
    @Test
    void losesNoWorkerWhileTheBrokerIsAway() {
        fleet.brokerAnswered();
        fleet.heard(heartbeat("a", State.RUNNING), NOW);
        clock.advance(Duration.ofMinutes(5));
        assertThat(fleet.live()).hasSize(1);
        fleet.brokerAnswered();
        assertThat(fleet.live()).isEmpty();
    }

    @Test
    void tellsWhoHasAcknowledgedAndWhoHasNot() {
        fleet.heard(heartbeat("a", State.RUNNING, "change"), NOW);
        fleet.heard(heartbeat("b", State.RUNNING), NOW);
        var answer = fleet.awaitAcknowledgements("change", List.of("a", "b"), Duration.ofMillis(50))
                .join();
        assertThat(answer.acknowledged()).extracting(one -> one.worker()).containsExactly("a");
        assertThat(answer.missing()).containsExactly("b");

        var both = fleet.awaitAcknowledgements("change", List.of("a", "b"), Duration.ofSeconds(30));
        assertThat(both).isNotDone();
        fleet.heard(heartbeat("b", State.RUNNING, "change"), NOW);
        assertThat(both).isDone();
        assertThat(both.join().missing()).isEmpty();
    }

    /** Three gateways write what they have compared with the same setting; the order of the topic decides. */
    @Test
    void knowsWhichOfSeveralChangesAtOnceCameFirst() {
        fleet.set(limits("seen", 8));
        fleet.set(limits("first", 1));
        fleet.set(limits("second", 2));
        fleet.set(limits("third", 3));

        for (var id : List.of("first", "second", "third")) {
            assertThat(fleet.firstSince("seen", id)).contains(limits("first", 1));
        }
        assertThat(fleet.isLast(limits("second", 2))).isFalse();
        assertThat(fleet.isLast(limits("third", 3))).isTrue();

        fleet.set(limits("first", 1)); // put in force again
        assertThat(fleet.setting(Kind.HANDLER, "mail.send").orElseThrow().id()).isEqualTo("first");
        assertThat(fleet.firstSince("seen", "first")).contains(limits("first", 1));
        fleet.set(limits("later", 5));
        assertThat(fleet.firstSince("first", "later")).contains(limits("later", 5));
    }

    @Test
    void knowsWhichChangeCameFirstAfterASettingWasTakenBack() {
        fleet.set(limits("back", null));
        fleet.set(limits("first", 1));
        fleet.set(limits("second", 2));

        assertThat(fleet.firstSince("", "second")).contains(limits("first", 1));
        assertThat(fleet.firstSince("", "unknown")).isEmpty();
    }

    private static LiveSetting limits(String id, @Nullable Integer concurrency) {
        return LiveSetting.ofLimits(Kind.HANDLER, "mail.send", id, "ada", NOW, concurrency, null, null);
    }

    @Test
    void takesASettingBackByAnEmptyOneOrByTheEndOfItsRecord() {
        fleet.set(LiveSetting.ofQueue("mail", "1", "ada", NOW, true, null));
        assertThat(fleet.setting(Kind.QUEUE, "mail")).isPresent();
        fleet.set(LiveSetting.ofQueue("mail", "2", "ada", NOW, false, null));
        assertThat(fleet.setting(Kind.QUEUE, "mail")).isEmpty();
        fleet.set(LiveSetting.ofQueue("mail", "3", "ada", NOW, true, null));
        fleet.unset("queue/mail");
        assertThat(fleet.settings(Kind.QUEUE)).isEmpty();
    }
}
