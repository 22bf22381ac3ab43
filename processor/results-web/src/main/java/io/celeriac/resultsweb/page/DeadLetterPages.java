package io.celeriac.resultsweb.page;

import io.celeriac.resultsweb.deadletter.DeadLetterController;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Fields;
import io.celeriac.web.page.HexLine;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of dead letters: the list, and one with its bytes and its replay. */
@Page
class DeadLetterPages {

    private static final int ROWS = 50;

    private final DeadLetterController letters;
    private final PageData data;

    DeadLetterPages(DeadLetterController letters, PageData data) {
        this.letters = letters;
        this.data = data;
    }

    @GetMapping("/dead-letters")
    String list(
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "0") int partition,
            Caller caller,
            Model model) {
        model.addAttribute("page", data.object(caller, letters.list(ROWS, before, partition, caller)));
        model.addAttribute("before", before);
        model.addAttribute("partition", partition);
        return "celeriac/letters/list";
    }

    @GetMapping("/dead-letters/{partition}/{offset}")
    String one(@PathVariable int partition, @PathVariable long offset, Caller caller, Model model) {
        var letter = data.object(caller, letters.one(partition, offset, caller));
        model.addAttribute("letter", letter);
        model.addAttribute("hex", HexLine.of(bytes(letter)));
        model.addAttribute("queue", queue(letter));
        model.addAttribute("mayReadPayload", caller.may(Authority.TASK_PAYLOAD));
        return "celeriac/letters/letter";
    }

    private static byte[] bytes(Fields letter) {
        if (letter.get("valueBase64") instanceof String encoded) {
            return Base64.getDecoder().decode(encoded);
        }
        return letter.get("value") instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    /** The queue that it came from, as the end of its topic's name; null when it is not known. */
    private static @Nullable String queue(Fields letter) {
        if (!(letter.get("origin") instanceof Fields origin && origin.get("topic") instanceof String topic)) {
            return null;
        }
        return topic.substring(topic.lastIndexOf('.') + 1);
    }
}
