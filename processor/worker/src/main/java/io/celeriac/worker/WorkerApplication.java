package io.celeriac.worker;

import io.celeriac.results.MaterializerConfiguration;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** Runs the tasks of its queues, and writes results into the database. */
@SpringBootApplication
@Import(MaterializerConfiguration.class)
public class WorkerApplication {

    public static void main(String[] args) {
        application().run(args);
    }

    /** The program, to be run with arguments; its settings are in {@code celeriac-worker.yml}. */
    public static SpringApplicationBuilder application() {
        return new SpringApplicationBuilder(WorkerApplication.class)
                .properties(Map.of("spring.config.name", "celeriac-worker,application"));
    }
}
