package io.celeriac.worker.demo;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The demo tasks as beans. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "celeriac.demo.enabled", matchIfMissing = true)
class DemoConfiguration {

    /**
     * @param output the setting {@code celeriac.demo.output}; default: {@code output.txt} in the worker's working directory
     */
    @Bean
    DemoTasks demoTasks(@Value("${celeriac.demo.output:output.txt}") Path output, InstantSource clock) {
        return new DemoTasks(output, clock, ZoneId.systemDefault());
    }
}
