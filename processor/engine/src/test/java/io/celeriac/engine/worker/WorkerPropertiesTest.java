package io.celeriac.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.engine.worker.WorkerProperties.GroupProtocol;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class WorkerPropertiesTest {

    @Test
    void keepToTheClassicProtocolUnlessToldOtherwise() {
        assertThat(settings(Map.of()).groupProtocol()).isEqualTo(GroupProtocol.CLASSIC);
        assertThat(settings(Map.of("celeriac.worker.group-protocol", "streams")).groupProtocol())
                .isEqualTo(GroupProtocol.STREAMS);
    }

    @Test
    void refuseStandbysWhereTheBrokerDecidesOnThem() {
        assertThatThrownBy(() ->
                        settings(Map.of("celeriac.worker.group-protocol", "streams", "celeriac.worker.standbys", "1")))
                .rootCause()
                .hasMessageContaining("celeriac.worker.standbys")
                .hasMessageContaining("streams.num.standby.replicas");
    }

    private static WorkerProperties settings(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("celeriac.worker", WorkerProperties.class);
    }
}
