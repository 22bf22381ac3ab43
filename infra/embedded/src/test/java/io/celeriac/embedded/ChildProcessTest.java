package io.celeriac.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

    @TempDir
    Path directory;

    @Test
    void endsAStartThatFailsWithTheChildsLastWords() {
        ChildProcess child = shell("echo the disk is full; exit 3");
        assertThatThrownBy(() -> child.awaitLog("READY", Duration.ofSeconds(10)))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("code 3")
                .hasMessageContaining("the disk is full");
    }

    @Test
    void killsAChildThatIsNotReadyByTheDeadline() {
        ChildProcess child = shell("echo still waiting; exec sleep 60");
        assertThatThrownBy(() -> child.awaitLog("READY", Duration.ofMillis(300)))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("not ready")
                .hasMessageContaining("still waiting");
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void takesNoNoticeOfAnEarlierRunsLog() {
        shell("echo READY").awaitLog("READY", Duration.ofSeconds(10));
        ChildProcess second = shell("exit 1");
        assertThatThrownBy(() -> second.awaitLog("READY", Duration.ofSeconds(10)))
                .isInstanceOf(ServerStartException.class);
    }

    private ChildProcess shell(String script) {
        return ChildProcess.start("shell", List.of("/bin/sh", "-c", script), Map.of(), directory.resolve("shell.log"));
    }
}
