package io.celeriac.resultsweb.action;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.results.action.ActionRepository;
import io.celeriac.results.action.RerunRepository;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.results.replay.ReplayRepository;
import io.celeriac.results.table.ResultTables;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.web.load.Searches;
import io.celeriac.web.loop.Loops;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind {@link ActionController}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ActionProperties.class)
class ActionConfiguration {

    @Bean
    ActionRepository actionRepository(DataSource database, ResultTables tables) {
        return new ActionRepository(database, tables);
    }

    @Bean
    RerunRepository rerunRepository(DataSource database, ResultTables tables) {
        return new RerunRepository(database, tables);
    }

    @Bean
    TaskMatches taskMatches(TaskResultRepository tasks, TaskFields fields) {
        return new TaskMatches(tasks, fields);
    }

    @Bean
    RevokeWork revokeWork(TaskMatches matches, TaskSender client, RedactionRules rules, InstantSource clock) {
        return new RevokeWork(matches, client, rules, clock);
    }

    @Bean
    ActionWorks actionWorks(List<ActionWork<?>> works) {
        return new ActionWorks(works);
    }

    @Bean
    ActionRunner actionRunner(
            ActionRepository actions,
            ActionWorks works,
            ActionProperties settings,
            MeterRegistry registry,
            InstantSource clock) {
        return new ActionRunner(
                actions, works, () -> UUID.randomUUID().toString(), settings, new ActionMetrics(registry), clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ActionLoop actionLoop(
            ActionRunner runner,
            ActionRepository actions,
            ReplayRepository replays,
            ActionProperties settings,
            InstantSource clock,
            Loops loops) {
        return new ActionLoop(runner, actions, replays, settings, clock, loops);
    }

    @Bean
    Actions actions(
            ActionRepository repository,
            TaskFields fields,
            ActionWorks works,
            ActionProperties settings,
            Searches searches,
            ActionLoop loop,
            InstantSource clock) {
        return new Actions(
                repository,
                new ActionPlanner(fields, works, settings.countUpTo()),
                searches,
                loop,
                clock,
                settings.maxRunning());
    }
}
