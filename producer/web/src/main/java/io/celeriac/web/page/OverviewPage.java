package io.celeriac.web.page;

import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.OverviewPart.Contribution;
import io.celeriac.web.page.OverviewPart.Finding;
import io.celeriac.web.page.OverviewPart.Gravity;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** The overview: is it healthy, and if not, where? */
@Page
class OverviewPage {

    private static final Logger LOG = LoggerFactory.getLogger(OverviewPage.class);

    private final List<OverviewPart> parts;

    OverviewPage(List<OverviewPart> parts) {
        this.parts =
                parts.stream().sorted(Comparator.comparing(OverviewPart::order)).toList();
    }

    @GetMapping("/")
    String overview(
            @RequestParam(defaultValue = "") String window,
            Caller caller,
            @ModelAttribute("show") Show show,
            Model model) {
        var chosen = Window.of(window);
        var looks = parts.stream()
                .map(part -> look(part, caller, chosen.length(), show))
                .toList();
        var findings = looks.stream()
                .flatMap(look -> look.findings().stream())
                .sorted(Comparator.comparing(Finding::gravity).reversed())
                .toList();
        model.addAttribute("window", chosen.word());
        model.addAttribute("windows", Window.ALL);
        model.addAttribute(
                "findings", findings.stream().filter(OverviewPage::isGrave).toList());
        model.addAttribute(
                "notes", findings.stream().filter(one -> !isGrave(one)).toList());
        model.addAttribute("isFailing", findings.stream().anyMatch(one -> one.gravity() == Gravity.FAIL));
        model.addAttribute(
                "numbers",
                looks.stream().flatMap(look -> look.numbers().stream()).toList());
        model.addAttribute(
                "sections",
                looks.stream()
                        .map(Contribution::section)
                        .filter(Objects::nonNull)
                        .toList());
        return "celeriac/overview";
    }

    private static boolean isGrave(Finding finding) {
        return finding.gravity() != Gravity.NOTE;
    }

    /** A part that cannot look says so, and the others are shown. */
    private static Contribution look(OverviewPart part, Caller caller, Duration window, Show show) {
        try {
            return part.look(caller, window, show);
        } catch (QueryTimeoutException e) {
            return without(Gravity.WARN, "problem.detail.slow", e, show);
        } catch (DataAccessException | CannotCreateTransactionException e) {
            return without(Gravity.FAIL, "problem.detail.503", e, show);
        } catch (ProblemException | RejectedExecutionException e) {
            return without(Gravity.WARN, "problem.detail.busy", e, show);
        }
    }

    private static Contribution without(Gravity gravity, String why, RuntimeException e, Show show) {
        LOG.warn("a part of the overview cannot be shown: {}", e.getMessage());
        return new Contribution(
                List.of(new Finding(gravity, show.text("overview.database"), "/", show.text(why))), List.of(), null);
    }
}
