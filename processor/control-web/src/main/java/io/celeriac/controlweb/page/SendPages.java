package io.celeriac.controlweb.page;

import io.celeriac.contract.control.Heartbeat.QueuePart;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.controlweb.limit.HandlerView;
import io.celeriac.controlweb.limit.LimitController;
import io.celeriac.controlweb.queue.QueueController;
import io.celeriac.controlweb.queue.QueueView;
import io.celeriac.controlweb.worker.WorkerController;
import io.celeriac.controlweb.worker.WorkerView;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page that sends a task: a form made from the parameters that live workers announce. */
@Page
class SendPages {

    private final LimitController limits;
    private final WorkerController workers;
    private final QueueController queues;

    SendPages(LimitController limits, WorkerController workers, QueueController queues) {
        this.limits = limits;
        this.workers = workers;
        this.queues = queues;
    }

    /**
     * The form for a task. Who may not read all queues writes its arguments as JSON, because handlers are not his to see.
     *
     * @param task its name; absent to choose one
     * @param json true to write the arguments as JSON although their parameters are known
     */
    @GetMapping("/send")
    String send(
            @RequestParam(required = false) @Nullable String task,
            @RequestParam(defaultValue = "false") boolean json,
            Caller caller,
            Model model) {
        var readsAll = caller.mayOnAll(Authority.TASK_READ);
        var handlers = readsAll ? limits.handlers(caller) : List.<HandlerView>of();
        var name = task == null ? "" : task.strip();
        var handler = find(handlers, name);
        var parameters = handler.map(HandlerView::parameters).map(ParameterField::all);
        model.addAttribute("task", name);
        model.addAttribute("handlers", handlers);
        model.addAttribute("handler", handler.orElse(null));
        model.addAttribute("parameters", json ? null : parameters.orElse(null));
        model.addAttribute("json", json);
        model.addAttribute("readsAll", readsAll);
        var taken = handler.map(one -> taken(one, caller)).orElse(List.of()).stream()
                .filter(queue -> caller.mayOn(Authority.TASK_SUBMIT, queue))
                .toList();
        model.addAttribute("taken", taken);
        model.addAttribute("others", readsAll ? others(taken, caller) : List.of());
        model.addAttribute(
                "queue",
                taken.contains(TaskRules.DEFAULT_QUEUE) || taken.isEmpty() ? TaskRules.DEFAULT_QUEUE : taken.get(0));
        return "celeriac/fleet/send";
    }

    private static Optional<HandlerView> find(List<HandlerView> handlers, String task) {
        return handlers.stream()
                .filter(handler ->
                        handler.task().equals(task) || handler.aliases().contains(task))
                .findFirst();
    }

    /** The queues of the workers that have the handler. */
    private List<String> taken(HandlerView handler, Caller caller) {
        return workers.all(caller).stream()
                .filter(worker -> worker.state() == WorkerView.State.RUNNING
                        && handler.workers().contains(worker.id()))
                .flatMap(worker -> worker.queues().stream())
                .map(QueuePart::queue)
                .distinct()
                .sorted()
                .toList();
    }

    private List<String> others(List<String> taken, Caller caller) {
        return queues.list(caller).stream()
                .map(QueueView::queue)
                .filter(queue -> !taken.contains(queue) && caller.mayOn(Authority.TASK_SUBMIT, queue))
                .toList();
    }
}
