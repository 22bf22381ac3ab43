package io.celeriac.bench.subject;

import io.celeriac.results.query.ResultQueryConfiguration;
import io.celeriac.results.retention.RetentionConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Retention without a materializer beside it, so that each can be measured; see {@link MaterializerApplication#program}. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(KafkaAutoConfiguration.class)
@Import({ResultQueryConfiguration.class, RetentionConfiguration.class})
public class JanitorApplication {}
