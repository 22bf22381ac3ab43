package io.celeriac.bench.results;

import io.celeriac.bench.harness.Database;
import io.celeriac.bench.harness.Harness;
import io.celeriac.bench.harness.Installation;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.rows.Schema;
import io.celeriac.bench.subject.MaterializerApplication;
import java.time.InstantSource;
import java.util.function.Consumer;

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

    /** A schema with the tables of results in it, empty. */
    Schema schema(String name) {
        return Schema.open(database, name);
    }

    Installation installation(String purpose) {
        return harness.installation(purpose, parameters.partitions());
    }

    /** The materializer, writing to a schema what a installation has; further properties as {@code name=value}. */
    Program materializer(Installation installation, Schema schema, String... properties) {
        return harness.start(MaterializerApplication.class, installation.arguments(schema.properties(properties)));
    }
}
