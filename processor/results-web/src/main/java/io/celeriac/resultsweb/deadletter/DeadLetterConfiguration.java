package io.celeriac.resultsweb.deadletter;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.results.action.RerunRepository;
import io.celeriac.results.replay.ReplayRepository;
import io.celeriac.results.table.ResultTables;
import io.celeriac.resultsweb.action.TaskMatches;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.kafka.TopicConsumers;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind the controllers of dead letters. */
@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {

    private static final int FETCH = 2 << 20;

    @Bean
    DeadLetterView deadLetterView(RedactionRules rules) {
        return new DeadLetterView(rules);
    }

    @Bean
    VisibleLetters visibleLetters(Topics topics) {
        return new VisibleLetters(topics);
    }

    @Bean
    ReplayRepository replayRepository(DataSource database, ResultTables tables) {
        return new ReplayRepository(database, tables);
    }

    @Bean
    ReplayNotes replayNotes(ReplayRepository replays, RerunRepository reruns) {
        return new ReplayNotes(replays, reruns);
    }

    @Bean
    Replays replays(Topics topics, QueueDirectory queues, TaskSender client, ReplayNotes notes, InstantSource clock) {
        return new Replays(topics, queues, client, notes, clock);
    }

    @Bean
    ReplayWork replayWork(
            DeadLetterReader letters,
            DeadLetterView view,
            ReplayNotes notes,
            Replays replays,
            TaskMatches matches,
            InstantSource clock) {
        return new ReplayWork(letters, view, notes, replays, matches, clock);
    }

    @Bean
    DeadLetterReader deadLetterReader(TopicConsumers consumers, Topics topics) {
        return new DeadLetterReader(() -> consumers.open("dead-letters", "earliest", FETCH), topics.deadLetters());
    }
}
