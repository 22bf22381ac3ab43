package io.celeriac.contract.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.contract.control.Heartbeat.State;
import io.celeriac.contract.control.Heartbeat.WaitingFor;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeartbeatTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    /** Gateways are not upgraded before the workers of all teams. */
    @Test
    void readsTheWordsOfANewerWorker() {
        var json = """
                {"id":"w","host":"h","startedAt":"2026-01-31T12:00:00Z","at":"2026-01-31T12:00:00Z","state":"hibernating",
                 "concurrency":{"now":4},"running":1,"lost":0,"mood":"fine",
                 "queues":[{"queue":"mail","condition":"DREAMING","partitions":[
                   {"partition":3,"running":1,"waiting":{"eta":2,"money":3,"the-moon":4},"dueSoon":1,"window":6}]}]}""";

        var heartbeat = TaskJson.heartbeat(json.getBytes(UTF_8));

        assertThat(heartbeat.state()).isEqualTo(State.UNKNOWN);
        var part = heartbeat.queues().get(0).partitions().get(0);
        assertThat(part.waiting()).isEqualTo(Map.of(WaitingFor.ETA, 2L, WaitingFor.UNKNOWN, 7L));
        assertThat(part.window()).isEqualTo(6);
    }

    /** Older workers do not tell the window. */
    @Test
    void readsAPartitionWithoutNumbers() {
        var heartbeat = heartbeat(State.RUNNING, PartitionPart.unknown(3));

        assertThat(TaskJson.heartbeat(TaskJson.bytes(heartbeat))).isEqualTo(heartbeat);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void readsTheStatesThatItWrites(State state) {
        var heartbeat = heartbeat(state, PartitionPart.unknown(0));

        assertThat(new String(TaskJson.bytes(heartbeat), UTF_8))
                .contains("\"" + state.name().toLowerCase(Locale.ROOT) + "\"");
        assertThat(TaskJson.heartbeat(TaskJson.bytes(heartbeat)).state()).isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource(WaitingFor.class)
    void readsTheReasonsThatItWrites(WaitingFor reason) {
        var heartbeat = heartbeat(State.RUNNING, new PartitionPart(0, 1, Map.of(reason, 5L), 0L, NOW, 9));

        assertThat(TaskJson.heartbeat(TaskJson.bytes(heartbeat))).isEqualTo(heartbeat);
    }

    private static Heartbeat heartbeat(State state, PartitionPart part) {
        return new Heartbeat(
                "w",
                "h",
                "1",
                NOW,
                NOW,
                state,
                new LimitInForce<>(4, 4),
                1,
                0,
                List.of(new QueuePart("mail", "RUNNING", null, List.of(part))),
                List.of(),
                List.of(),
                List.of());
    }
}
