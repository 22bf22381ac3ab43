package io.celeriac.resultsweb.deadletter;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.kafka.TopicConsumers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind {@link DeadLetterController}. */
@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {

    private static final int FETCH = 2 << 20;

    @Bean
    DeadLetterView deadLetterView(RedactionRules rules) {
        return new DeadLetterView(rules);
    }

    @Bean
    DeadLetterReader deadLetterReader(TopicConsumers consumers, Topics topics) {
        return new DeadLetterReader(() -> consumers.open("dead-letters", "earliest", FETCH), topics.deadLetters());
    }
}
