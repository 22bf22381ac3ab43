package io.celeriac.test.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.celeriac.client.TaskClient;
import io.celeriac.test.sent.SentTasks;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest(classes = AutoConfigureCeleriacTest.Application.class)
@AutoConfigureCeleriac(mode = AutoConfigureCeleriac.Mode.RECORDING)
class RecordingModeTest {

    @Test
    void runsNothing(@Autowired TaskClient tasks, @Autowired SentTasks sent) {
        var greeting = tasks.send("greet", "Ada");

        assertThat(sent).sentInAll(1).sent("greet").withArgs("Ada");
        assertThatIllegalStateException().isThrownBy(() -> greeting.get(Duration.ofSeconds(30)));
    }
}
