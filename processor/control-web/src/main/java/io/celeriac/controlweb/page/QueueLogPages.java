package io.celeriac.controlweb.page;

import io.celeriac.controlweb.queue.PeekController;
import io.celeriac.controlweb.queue.QueueController;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Fields;
import io.celeriac.web.page.HexLine;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of what lies in the log of a queue. */
@Page
class QueueLogPages {

    private static final int ROWS = 20;

    private final PeekController log;
    private final QueueController queues;
    private final PageData data;

    QueueLogPages(PeekController log, QueueController queues, PageData data) {
        this.log = log;
        this.queues = queues;
        this.data = data;
    }

    /**
     * Some records of a partition.
     *
     * @param from offset of the first; null for the oldest that no worker has taken yet
     */
    @GetMapping("/queues/{queue}/log")
    String log(
            @PathVariable String queue,
            @RequestParam(defaultValue = "0") int partition,
            @RequestParam(required = false) @Nullable Long from,
            Caller caller,
            Model model) {
        var peek = data.object(caller, log.peek(queue, partition, from, ROWS));
        if (peek.get("items") instanceof List<?> items) {
            items.forEach(item -> tellBytes((Fields) item));
        }
        model.addAttribute("peek", peek);
        model.addAttribute("from", from);
        model.addAttribute("partitions", queues.show(queue, caller).partitions());
        return "celeriac/fleet/log";
    }

    private static void tellBytes(Fields record) {
        if (record.get("valueBase64") instanceof String encoded) {
            record.put("hex", HexLine.of(Base64.getDecoder().decode(encoded)));
        }
    }
}
