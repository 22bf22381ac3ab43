package io.celeriac.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/**
 * Where and when something was measured.
 *
 * @param cores that the JVM may use
 * @param cpu as the system calls it; null where it does not say
 * @param memoryGigabytes of the machine
 * @param os name, version and architecture
 * @param jdk that ran harness, broker and workers where nothing else is told
 * @param kafka version of clients and broker
 * @param load average of the last minute before the run: what else kept the cores busy; null where the system does not tell
 * @param commit of the measured source; null when not in git
 * @param date when the run began
 */
public record Machine(
        int cores,
        @Nullable String cpu,
        double memoryGigabytes,
        String os,
        String jdk,
        String kafka,
        @Nullable Double load,
        @Nullable String commit,
        Instant date) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** This one. */
    public static Machine here(Instant now) {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                cpuName(),
                Rounded.to(1, memory() / (double) (1 << 30)),
                property("os.name") + " " + property("os.version") + " " + property("os.arch"),
                "JDK " + property("java.runtime.version"),
                AppInfoParser.getVersion(),
                loadOrNull(),
                commitOrNull(),
                now);
    }

    /** In one line. */
    public String line() {
        return cores + " cores"
                + (cpu == null ? "" : " (" + cpu + ")")
                + ", " + memoryGigabytes + " GB, " + os + ", " + jdk + ", Kafka " + kafka
                + (load == null ? "" : ", load average " + load + " before the run")
                + (commit == null ? "" : ", commit " + commit)
                + ", " + date.toString().substring(0, 10);
    }

    private static String property(String name) {
        return System.getProperty(name, "?");
    }

    private static @Nullable String commitOrNull() {
        var commit = System.getProperty("celeriac.commit", "");
        return commit.isEmpty() ? null : commit;
    }

    private static @Nullable Double loadOrNull() {
        var load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? null : Rounded.to(1, load);
    }

    private static long memory() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getTotalMemorySize();
    }

    private static @Nullable String cpuName() {
        if (!Files.isReadable(CPU_INFO)) {
            return null;
        }
        try (var lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + CPU_INFO, e);
        }
    }
}
