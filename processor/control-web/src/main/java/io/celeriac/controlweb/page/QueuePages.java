package io.celeriac.controlweb.page;

import io.celeriac.controlweb.limit.HandlerView;
import io.celeriac.controlweb.limit.LimitController;
import io.celeriac.controlweb.queue.QueueController;
import io.celeriac.controlweb.worker.WorkerController;
import io.celeriac.controlweb.worker.WorkerView;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.QueueCharts;
import io.celeriac.web.page.Show;
import io.celeriac.web.page.Window;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of queues: all of them, and why the tasks of one wait. */
@Page
class QueuePages {

    private static final int MOST_WORKERS = 1_000;

    private final QueueController queues;
    private final WorkerController workers;
    private final LimitController limits;
    private final QueueCharts charts;
    private final InstantSource clock;

    QueuePages(
            QueueController queues,
            WorkerController workers,
            LimitController limits,
            ObjectProvider<QueueCharts> charts,
            InstantSource clock) {
        this.queues = queues;
        this.workers = workers;
        this.limits = limits;
        this.charts = charts.getIfAvailable(() -> QueueCharts.NONE);
        this.clock = clock;
    }

    @GetMapping("/queues")
    String queues(Caller caller, Model model) {
        var all = workers.all(caller);
        var now = clock.instant();
        model.addAttribute(
                "queues",
                queues.all(caller).stream()
                        .map(queue -> QueueStatus.of(queue, all, now))
                        .sorted(Comparator.comparing(status -> status.trouble() == QueueStatus.Trouble.NONE))
                        .toList());
        return "celeriac/fleet/queues";
    }

    /** What handlers and workers are is for those who may read all queues. */
    @GetMapping("/queues/{queue}")
    String queue(
            @PathVariable String queue,
            @RequestParam(defaultValue = "") String window,
            Caller caller,
            @ModelAttribute("show") Show show,
            Model model) {
        var status = QueueStatus.of(queues.show(queue, caller), workers.all(caller), clock.instant());
        var readsAll = caller.mayOnAll(Authority.TASK_READ);
        model.addAttribute("status", status);
        model.addAttribute("queue", status.queue());
        model.addAttribute("scale", queues.scale(queue, 0, MOST_WORKERS, caller));
        var chosen = Window.of(window);
        model.addAttribute("window", chosen.word());
        model.addAttribute("windows", Window.ALL);
        model.addAttribute("charts", charts.of(queue, chosen.length(), caller, show));
        model.addAttribute("readsAll", readsAll);
        model.addAttribute("handlers", readsAll ? handlers(status, caller) : List.of());
        return "celeriac/fleet/queue";
    }

    private List<HandlerView> handlers(QueueStatus status, Caller caller) {
        var takers = status.up().stream().map(WorkerView::id).toList();
        return limits.handlers(caller).stream()
                .filter(handler -> handler.workers().stream().anyMatch(takers::contains))
                .toList();
    }
}
