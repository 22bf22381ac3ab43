package io.celeriac.resultsweb.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.TaskState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A client must get all it asked for, once and in order, at its own pace, and be able to go on from the last id it saw.
 * One that is too slow must be told so and let go, without what it did not take being kept.
 */
class EventClientTest {

    private static final Position START = Position.parse("0-0.1-0");
    private static final long PLENTY = 1L << 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EventMetrics metrics = new EventMetrics(registry);
    private final StateChangeReader reader = new StateChangeReader(UnaryOperator.identity());
    private final FakeOutput output = new FakeOutput();
    private RecentRecords recent = recent(1 << 20);
    private long now = System.nanoTime();

    @Test
    void beginsWithTheTimeToComeBackAndItsPosition() {
        live(EventFilter.ALL);

        assertThat(output.events()).containsExactly("retry: 2000", "id: 0-0.1-0\nevent: position\ndata: 0-0.1-0");
    }

    @Test
    void isNotWrittenToBeforeTheContainerSaysSo() {
        var client = new EventClient(EventFilter.ALL, START, reader, metrics);
        client.open(output);
        output.takes(PLENTY);
        client.goLive(recent.last());
        client.pump(now);
        assertThat(output.events()).isEmpty();

        client.writable();
        assertThat(output.events()).hasSize(2);
    }

    @Test
    void getsWhatMatchesWithThePositionAfterIt() {
        var client = live(only("b", "c"));
        recent.append(0, 0, Results.json("a"));
        recent.append(1, 0, Results.json("b"));
        recent.append(0, 1, null);
        recent.append(0, 2, "[".getBytes(UTF_8));
        recent.append(1, 1, Results.json("c"));
        client.pump(now);

        assertThat(news())
                .containsExactly(
                        "id: 0-1.1-1\nevent: SUCCESS\ndata: " + new String(Results.json("b"), UTF_8),
                        "id: 0-3.1-2\nevent: SUCCESS\ndata: " + new String(Results.json("c"), UTF_8));
        assertThat(registry.get("celeriac.web.events.sent").counter().count()).isEqualTo(2);
    }

    @Test
    void learnsItsPositionWithTheHeartbeatWhenNothingMatched() {
        var client = live(only("b"));
        recent.append(0, 0, Results.json("a"));
        client.pump(now);
        assertThat(news()).isEmpty();

        client.pump(
                now += EventClient.HEARTBEAT.toNanos() + Duration.ofSeconds(1).toNanos());
        assertThat(news()).containsExactly(":", "id: 0-1.1-0\nevent: position\ndata: 0-1.1-0");
        client.pump(now += EventClient.HEARTBEAT.toNanos());
        assertThat(news()).hasSize(3).endsWith(":");
    }

    @Test
    void skipsWhatItSawOnAGatewayThatHadReadPartitionsInAnotherOrder() {
        for (var offset = 0; offset < 3; offset++) {
            recent.append(0, offset, Results.json("p0-" + offset));
        }
        recent.append(1, 0, Results.json("p1-0"));
        var from = Position.parse("0-1.1-1");
        var client = new EventClient(EventFilter.ALL, from, reader, metrics);
        client.goLive(recent.startFor(from).orElseThrow());
        opens(client);
        recent.append(1, 1, Results.json("p1-1"));
        client.pump(now);

        assertThat(news())
                .extracting(EventClientTest::brief)
                .containsExactly("0-2.1-1 p0-1", "0-3.1-1 p0-2", "0-3.1-2 p1-1");
    }

    @Test
    void aClientAheadOfItsGatewayWaitsForItToCome() {
        var from = Position.parse("0-2.1-0");
        var client = new EventClient(EventFilter.ALL, from, reader, metrics);
        client.goLive(recent.startFor(from).orElseThrow());
        opens(client);
        recent.append(0, 0, Results.json("seen"));
        recent.append(1, 0, Results.json("new"));
        recent.append(0, 1, Results.json("seen"));
        recent.append(0, 2, Results.json("newer"));
        client.pump(now);

        assertThat(news()).extracting(EventClientTest::brief).containsExactly("0-2.1-1 new", "0-3.1-1 newer");
    }

    @Test
    void getsAllAtItsOwnPace() {
        recent = recent(64 << 20);
        var client = live(EventFilter.ALL);
        output.takes(1);
        for (var offset = 0; offset < 5_000; offset++) {
            recent.append(0, offset, Results.json("t-" + offset, 1_000));
        }
        for (var round = 0; round < 2_000; round++) {
            output.takes(3_000);
            client.writable();
        }

        var events = news();
        assertThat(events).hasSize(5_000);
        for (var offset = 0; offset < 5_000; offset++) {
            assertThat(brief(events.get(offset))).isEqualTo("0-" + (offset + 1) + ".1-0 t-" + offset);
        }
    }

    @Test
    void isDroppedWithANoticeWhenItIsTooSlow() {
        var client = live(EventFilter.ALL);
        output.takes(0);
        overrun(client);
        assertThat(output.end()).isEmpty();
        output.takes(PLENTY);
        client.writable();

        assertThat(output.end()).isEqualTo("completed");
        assertThat(news())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("event: dropped\ndata: {\"reason\":\"the stream was");
        assertThat(news().get(0)).startsWith("id: 0-1.1-0"); // was on its way
        assertThat(client.isEnded()).isTrue();
        assertThat(registry.get("celeriac.web.events.dropped").counter().count())
                .isEqualTo(1);
    }

    @Test
    void isCutOffWhenItDoesNotEvenTakeTheNotice() {
        var client = live(EventFilter.ALL);
        output.takes(0);
        overrun(client);
        client.pump(System.nanoTime());
        assertThat(output.end()).isEmpty();

        client.pump(System.nanoTime() + EventClient.LAST_WORD.toNanos() + 1);
        assertThat(output.end()).isEqualTo("aborted");
        client.pump(System.nanoTime() + 2 * EventClient.LAST_WORD.toNanos()); // and is not touched again
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void oneThatTakesAllIsNotHeldUpByOneThatDoesNot() {
        var slow = live(EventFilter.ALL);
        output.takes(0);
        var fastOutput = new FakeOutput();
        fastOutput.takes(PLENTY);
        var fast = new EventClient(EventFilter.ALL, START, reader, metrics);
        fast.open(fastOutput);
        fast.goLive(recent.startFor(START).orElseThrow());
        fast.writable();
        for (var offset = 0; offset < 5_000; offset++) {
            recent.append(0, offset, Results.json("t-" + offset, 1_000));
            slow.pump(now);
            fast.pump(now);
        }

        assertThat(fastOutput.events()).hasSize(5_002);
    }

    @Test
    void tellsItsPositionBeforeItIsDroppedWithNothingWaiting() {
        var client = live(only("b"));
        recent.append(0, 0, Results.json("a"));
        client.pump(now);
        client.drop("why");
        client.pump(now);

        assertThat(news())
                .containsExactly(
                        "id: 0-1.1-0\nevent: position\ndata: 0-1.1-0", "event: dropped\ndata: {\"reason\":\"why\"}");
        assertThat(output.end()).isEqualTo("completed");
    }

    @Test
    void isGoneWhenItsConnectionIs() {
        var client = live(EventFilter.ALL);
        output.breaks();
        recent.append(0, 0, Results.json("a"));
        client.pump(now);

        assertThat(client.isEnded()).isTrue();
        assertThat(output.end()).isEqualTo("aborted");
    }

    @Test
    void endsAtOnceWhenTheProgramStops() {
        var reading = live(EventFilter.ALL);
        reading.stop();
        assertThat(output.end()).isEqualTo("completed");

        var stuckOutput = new FakeOutput();
        var stuck = new EventClient(EventFilter.ALL, START, reader, metrics);
        stuck.open(stuckOutput);
        stuck.writable();
        stuck.stop();
        assertThat(stuckOutput.end()).isEqualTo("aborted");
    }

    @Test
    void catchesUpAndGoesOnWithWhatIsInMemory() throws Exception {
        var client = new EventClient(EventFilter.ALL, Position.parse("0-3"), reader, metrics);
        opens(client);
        client.skip(Position.parse("0-5.1-0"));
        var old = reader.read(Results.json("old"));
        assertThat(client.feed(old.orElseThrow(), Position.parse("0-6.1-0"), PATIENCE))
                .isTrue();
        recent.begin(Position.parse("0-5.1-0"));
        recent.append(0, 5, Results.json("old"));
        recent.append(0, 6, Results.json("new"));
        client.goLive(recent.startFor(Position.parse("0-6.1-0")).orElseThrow());
        client.pump(now);

        assertThat(news().get(0)).isEqualTo("id: 0-5.1-0\nevent: gap\ndata: {\"asked\":\"0-3\",\"from\":\"0-5.1-0\"}");
        assertThat(news().subList(1, 3))
                .extracting(EventClientTest::brief)
                .containsExactly("0-6.1-0 old", "0-7.1-0 new");
        assertThat(client.feed(null, START, PATIENCE)).isFalse();
    }

    @Test
    void aCatchUpThatFindsNoRoomInTimeLetsTheClientGo() throws Exception {
        var client = new EventClient(EventFilter.ALL, START, reader, metrics);
        client.open(output);
        var change = reader.read(Results.json("a")).orElseThrow();
        var fed = 0;
        while (client.feed(change, Position.parse("0-" + (fed + 1)), Duration.ofMillis(1))) {
            fed++;
        }
        output.takes(PLENTY);
        client.writable();

        assertThat(fed).isBetween(100, EventClient.MOST_WAITING_EVENTS);
        assertThat(output.events()).hasSize(1).first().asString().startsWith("event: dropped");
        assertThat(output.end()).isEqualTo("completed");
    }

    private static RecentRecords recent(long bytes) {
        var recent = new RecentRecords(bytes);
        recent.begin(START);
        return recent;
    }

    private static EventFilter only(String... ids) {
        return new EventFilter(
                Set.of(TaskState.SUCCESS), Set.of(), Set.of(), Set.of(), Set.of(ids), Set.of(), Map.of());
    }

    private EventClient live(EventFilter filter) {
        var client = new EventClient(filter, START, reader, metrics);
        client.goLive(recent.last());
        opens(client);
        return client;
    }

    private void opens(EventClient client) {
        output.takes(PLENTY);
        client.open(output);
        client.writable();
    }

    /** More than its queue and the memory hold; the first is on its way. */
    private void overrun(EventClient client) {
        output.takes(1);
        recent.append(0, 0, Results.json("a"));
        client.writable();
        for (var offset = 1; offset < 5_000; offset++) {
            recent.append(0, offset, Results.json("t-" + offset, 1_000));
            client.pump(now);
        }
    }

    /** All but what every stream begins with. */
    private List<String> news() {
        var events = output.events();
        return events.subList(2, events.size());
    }

    /** Position and task. */
    private static String brief(String event) {
        return event.replaceAll("(?s)id: (\\S+)\nevent: \\S+\ndata: \\{\"id\":\"([^\"]+)\".*", "$1 $2");
    }
}
