package io.celeriac.resultsweb.page;

import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.resultsweb.stats.DeepestQueues;
import io.celeriac.resultsweb.stats.DepthController;
import io.celeriac.resultsweb.stats.StatsController;
import io.celeriac.resultsweb.task.TaskCountController;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.page.Outcomes;
import io.celeriac.web.page.OverviewPart;
import io.celeriac.web.page.Place;
import io.celeriac.web.page.QueueCharts;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the pages of tasks add to the navigation, to the overview and to the pages of other modules. */
@Configuration(proxyBeanMethods = false)
class TaskPageConfiguration {

    @Bean
    Place tasksPlace() {
        return new Place(10, "/tasks", "place.tasks", "tasks", 't', Authority.TASK_READ, false);
    }

    @Bean
    Place workflowsPlace() {
        return new Place(50, "/workflows", "place.workflows", "workflows", 'f', Authority.TASK_READ, false);
    }

    @Bean
    Place deadLettersPlace() {
        return new Place(60, "/dead-letters", "place.deadLetters", "dead-letters", 'd', Authority.TASK_READ, false);
    }

    @Bean
    Place actionsPlace() {
        return new Place(100, "/actions", "place.actions", "actions", 'a', Authority.TASK_READ, false);
    }

    @Bean
    OverviewPart statsOverview(
            StatsController stats, TaskCountController counts, DeepestQueues deepest, InstantSource clock) {
        return new StatsOverview(stats, counts, deepest, clock);
    }

    @Bean
    QueueCharts queueCharts(StatsController stats, DepthController depths, InstantSource clock) {
        return new StatsQueueCharts(stats, depths, clock);
    }

    @Bean
    Outcomes outcomes(TaskResultRepository tasks) {
        return tasks::states;
    }
}
