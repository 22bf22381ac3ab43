package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Database;
import io.celeriac.bench.harness.Harness;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.rows.ManyRows;
import io.celeriac.bench.rows.Schema;
import io.celeriac.bench.rows.SpreadRepository;
import io.celeriac.bench.subject.GatewayMain;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What all parts of the benchmark are given.
 *
 * @param progress told what is being done
 */
record Bench(
        Harness harness, Database database, Parameters parameters, InstantSource clock, Consumer<String> progress) {

    void tell(String what) {
        progress.accept("  " + what);
    }

    Installation installation(String purpose) {
        return harness.installation(purpose, parameters.partitions());
    }

    ManyRows rows(ManyRows.Kind kind, int rows) {
        return new ManyRows(database, kind, rows, clock, this::tell);
    }

    /** A gateway as it is delivered, without access control. */
    Gateway gateway(Installation installation, Schema schema) {
        return started(installation, schema, "--celeriac.access.enabled=false");
    }

    /** A gateway with access control, and an administrator whose password is in a file. */
    Gateway securedGateway(Installation installation, Schema schema, Path password) {
        return started(
                installation,
                schema,
                "--celeriac.access.enabled=true",
                "--celeriac.access.admin-password-file=" + password);
    }

    private Gateway started(Installation installation, Schema schema, String... settings) {
        var arguments = new ArrayList<String>();
        arguments.add("--server.port=0");
        arguments.add("--celeriac.namespace=" + installation.namespace());
        arguments.add("--celeriac.partitions=" + parameters.partitions());
        arguments.add("--celeriac.queues=" + queues());
        arguments.add("--celeriac.results.indexed-arguments=" + SpreadRepository.ARGUMENT);
        arguments.add("--spring.kafka.bootstrap-servers=" + harness.bootstrapServers());
        arguments.add("--management.endpoints.web.exposure.include=health,memory");
        Arrays.stream(schema.properties()).map(property -> "--" + property).forEach(arguments::add);
        arguments.addAll(Arrays.asList(settings));
        return Gateway.awaited(harness.start(GatewayMain.class, arguments));
    }

    private static String queues() {
        return IntStream.rangeClosed(1, SpreadRepository.QUEUES)
                .mapToObj(number -> "queue-" + number)
                .collect(Collectors.joining(","));
    }
}
