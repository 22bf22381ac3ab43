package io.celeriac.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.embedded.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledTestRunIT {

    @TempDir
    Path directory;

    /**
     * A build that is interrupted or runs out of memory must leave nothing behind: servers that stay hold memory and
     * ports, and after some such builds the machine is the reason that tests fail.
     */
    @Test
    void leavesNoServerBehind() throws Exception {
        Path log = directory.resolve("run.log");
        ChildProcess run = ChildProcess.startJava(
                "test run", List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"), KilledTestRunMain.class, List.of(), log);
        run.awaitLog("UP", Duration.ofSeconds(90));
        List<ProcessHandle> children = children(log);
        assertThat(children)
                .as("a node, a database and its watchdog")
                .hasSize(3)
                .allMatch(ProcessHandle::isAlive);

        run.kill();

        await().atMost(Duration.ofSeconds(20)).until(() -> children.stream().noneMatch(KilledTestRunIT::runs));
    }

    /** A zombie, which its new parent has not taken note of yet, runs no program. */
    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private static List<ProcessHandle> children(Path log) throws Exception {
        String prefix = "CHILDREN ";
        String line = Files.readAllLines(log).stream()
                .filter(each -> each.startsWith(prefix))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(line.substring(prefix.length()).split(" ", -1))
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                .toList();
    }
}
