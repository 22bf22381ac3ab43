package io.celeriac.controlweb.page;

import io.celeriac.contract.control.LiveSetting;
import io.celeriac.controlweb.limit.LimitController;
import io.celeriac.controlweb.limit.LiveLimits;
import io.celeriac.controlweb.worker.WorkerController;
import io.celeriac.controlweb.worker.WorkerView;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Page;
import java.util.Objects;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of workers: all of them, and what one is doing. */
@Page
class WorkerPages {

    private static final int ROWS = 100;

    private final WorkerController workers;
    private final LimitController limits;

    WorkerPages(WorkerController workers, LimitController limits) {
        this.workers = workers;
        this.limits = limits;
    }

    /** Those with something to tell come first; the rest, and those that have stopped, are there on demand. */
    @GetMapping("/workers")
    String workers(@RequestParam(defaultValue = "false") boolean all, Caller caller, Model model) {
        var crew = Crew.of(workers.all(caller));
        var shown = crew.workers().stream()
                .filter(worker -> all || worker.worker().state() != WorkerView.State.STOPPED)
                .limit(all ? Long.MAX_VALUE : ROWS)
                .toList();
        model.addAttribute("crew", crew);
        model.addAttribute("shown", shown);
        model.addAttribute("all", all);
        return "celeriac/fleet/workers";
    }

    @GetMapping("/workers/{id}")
    String worker(@PathVariable String id, Caller caller, Model model) {
        var worker = workers.show(id, caller);
        model.addAttribute("one", new Crew.Member(worker));
        model.addAttribute("worker", worker);
        model.addAttribute("own", setting(id));
        model.addAttribute("everyone", setting(LiveSetting.ALL));
        model.addAttribute("alone", Crew.of(workers.all(caller)).onlyOn(worker));
        return "celeriac/fleet/worker";
    }

    private LiveLimits setting(String id) {
        return Objects.requireNonNullElse(limits.ofWorker(id).getBody(), LiveLimits.NONE);
    }
}
