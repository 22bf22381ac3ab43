package io.celeriac.scheduleweb.page;

import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.ScheduleRule;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.scheduleweb.ManualFiringController;
import io.celeriac.scheduleweb.ScheduleController;
import io.celeriac.scheduleweb.ScheduleController.SchedulePage;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.page.Fields;
import io.celeriac.web.page.Outcomes;
import io.celeriac.web.page.Page;
import io.celeriac.web.page.PageData;
import io.celeriac.web.page.Place;
import io.celeriac.web.page.Show;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.problem.ProblemWords;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;

/** The pages of schedules: the list, one schedule, and the form to make and change them. */
@Page
class SchedulePages {

    private static final int ROWS = 50;
    private static final int NEXT = 10;
    private static final int FIRINGS = 25;
    private static final int BACKFILLS = 10;

    private static final String FAILURE = TaskState.FAILURE.name();
    private static final Set<String> ENDED = Set.of(TaskState.SUCCESS.name(), FAILURE);

    /** A firing that is later than this is worth a notice. */
    private static final Duration LATE = Duration.ofSeconds(15);

    private final ScheduleController list;
    private final ManualFiringController manual;
    private final Schedules schedules;
    private final Outcomes outcomes;
    private final PageData data;

    SchedulePages(
            ScheduleController list,
            ManualFiringController manual,
            Schedules schedules,
            ObjectProvider<Outcomes> outcomes,
            PageData data) {
        this.list = list;
        this.manual = manual;
        this.schedules = schedules;
        this.outcomes = outcomes.getIfAvailable(() -> Outcomes.UNKNOWN);
        this.data = data;
    }

    @Configuration(proxyBeanMethods = false)
    static class Places {
        @Bean
        Place schedulesPlace() {
            return new Place(40, "/schedules", "place.schedules", "schedules", 's', Authority.SCHEDULE_READ, false);
        }
    }

    /** A search that cannot be read is shown with its fault, and finds nothing. */
    @GetMapping("/schedules")
    String schedules(
            @RequestParam(defaultValue = "") String q,
            @RequestParam(defaultValue = "") String cursor,
            Caller caller,
            Locale language,
            Model model) {
        model.addAttribute("q", q.strip());
        model.addAttribute("cursor", cursor);
        model.addAttribute("on", ScheduleSearch.ON);
        model.addAttribute("paused", ScheduleSearch.PAUSED);
        model.addAttribute("items", List.of());
        try {
            var page = find(ScheduleSearch.of(q), cursor, caller);
            var items = data.list(caller, page.items());
            tellStates(items, show(model));
            tellOutcomes(items, caller);
            tellBars(items, caller, show(model));
            for (var at = 0; at < items.size(); at++) {
                tellRule(items.get(at), page.items().get(at), language);
            }
            model.addAttribute("items", items);
            model.addAttribute("more", page.cursor());
        } catch (InvalidScheduleException e) {
            model.addAttribute("fault", ProblemWords.of(language).say(String.valueOf(e.getMessage())));
        } catch (ProblemException e) {
            if (e.status() != HttpStatus.UNPROCESSABLE_CONTENT) {
                throw e;
            }
            model.addAttribute("fault", ProblemWords.of(language).say(String.valueOf(e.getMessage())));
        }
        return "celeriac/schedules/list";
    }

    /** The rule in the reader's language. A row that cannot be read has none. */
    private static void tellRule(Fields fields, JsonNode schedule, Locale language) {
        if (!schedule.has("error")) {
            var rule = ScheduleRule.read(schedule.path("kind").asString(), schedule);
            fields.put("inWords", rule.description(language));
        }
    }

    private SchedulePage find(ScheduleSearch search, String cursor, Caller caller) {
        var labels = new LinkedMultiValueMap<String, String>();
        labels.addAll("label", search.labels());
        return list.list(
                search.namePrefix(),
                search.task(),
                search.queue(),
                search.kind(),
                search.enabled(),
                search.declaredBy(),
                labels,
                ROWS,
                cursor,
                caller);
    }

    /** {@code paused}, {@code unreadable}, {@code finished} when no firing is to come, {@code late}, or else {@code on}. */
    private static void tellStates(List<Fields> items, Show show) {
        items.forEach(schedule -> schedule.put("state", state(schedule, show)));
    }

    private static String state(Fields schedule, Show show) {
        if (schedule.get("error") != null) {
            return "unreadable";
        }
        if (!Boolean.TRUE.equals(schedule.get("enabled"))) {
            return "paused";
        }
        var next = show.instant(schedule.get("nextFireAt"));
        if (next == null) {
            return schedule.get("bufferedFireAt") == null ? "finished" : "on";
        }
        return next.plus(jitter(schedule)).plus(LATE).isBefore(show.now()) ? "late" : "on";
    }

    private void tellOutcomes(List<Fields> items, Caller caller) {
        items.forEach(schedule -> {
            if (schedule.get("id") instanceof String id && schedule.get("lastFireAt") instanceof String last) {
                schedule.put("taskId", TaskIds.ofFiring(id, Instant.parse(last)));
            }
        });
        tellTaskStates(items, caller);
    }

    /** Adds the last firings as bars. Without the right to read tasks they tell only which were late or skipped. */
    private void tellBars(List<Fields> items, Caller caller, Show show) {
        var ids = items.stream()
                .map(item -> item.get("id"))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .toList();
        var firings = schedules.latestFirings(ids, FiringBars.MOST);
        var states = caller.may(Authority.TASK_READ)
                ? outcomes.of(firings.values().stream()
                        .flatMap(List::stream)
                        .map(ScheduleFiring::taskId)
                        .filter(Objects::nonNull)
                        .toList())
                : Map.<String, TaskState>of();
        items.forEach(item -> {
            var own = firings.get(String.valueOf(item.get("id")));
            if (own != null) {
                item.put("bars", FiringBars.of(own, states, LATE.plus(jitter(item)), show));
            }
        });
    }

    private static Duration jitter(Fields schedule) {
        return schedule.get("jitter") instanceof String text ? Duration.parse(text) : Duration.ZERO;
    }

    /** Adds the state of the task that each item names. */
    private void tellTaskStates(List<Fields> items, Caller caller) {
        if (!caller.may(Authority.TASK_READ)) {
            return;
        }
        var states = outcomes.of(items.stream()
                .map(item -> item.get("taskId"))
                .filter(Objects::nonNull)
                .map(Object::toString)
                .toList());
        items.forEach(item -> {
            if (item.get("taskId") instanceof String id && states.containsKey(id)) {
                item.put("taskState", states.get(id).name());
            }
        });
    }

    /**
     * The form of a new schedule.
     *
     * @param from name of a schedule to copy; null for none
     * @param every a preset interval; null for none
     * @param task a preset task; null for none
     */
    @GetMapping("/schedules/new")
    String create(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String every,
            @RequestParam(required = false) @Nullable String task,
            Caller caller,
            Locale language,
            Model model) {
        var fields = new Fields();
        if (from != null) {
            fields = schedule(from, caller, language, model);
            requirePayload(caller);
            fields.put("name", null);
        }
        if (every != null) {
            fields.put("every", every);
        }
        if (task != null) {
            fields.put("task", task);
        }
        model.addAttribute("copied", from);
        return form(fields, null, model);
    }

    @GetMapping("/schedules/{name}/edit")
    String edit(@PathVariable String name, Caller caller, Locale language, Model model) {
        var fields = schedule(name, caller, language, model);
        requirePayload(caller);
        return form(fields, name, model);
    }

    /** A form without the arguments would store a schedule without them. */
    private static void requirePayload(Caller caller) {
        if (!caller.may(Authority.TASK_PAYLOAD)) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN,
                    "the form has the arguments of the task, and reading these needs " + Authority.TASK_PAYLOAD);
        }
    }

    private static String form(Fields fields, @Nullable String name, Model model) {
        model.addAttribute("schedule", fields);
        model.addAttribute("name", name);
        model.addAttribute("rule", RuleFields.of(fields));
        model.addAttribute("labels", labels(fields));
        model.addAttribute("timezone", zone(fields, show(model)));
        return "celeriac/schedules/form";
    }

    private static String labels(Fields schedule) {
        return schedule.get("labels") instanceof Fields labels
                ? new TreeMap<>(labels)
                        .entrySet().stream()
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .collect(Collectors.joining("\n"))
                : "";
    }

    private static String zone(Fields schedule, Show show) {
        return schedule.get("timezone") instanceof String zone
                ? zone
                : show.zone().getId();
    }

    @GetMapping("/schedules/{name}")
    String one(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller,
            Locale language,
            Model model) {
        var schedule = schedule(name, caller, language, model);
        tellStates(List.of(schedule), show(model));
        var zone = zone(schedule, show(model));
        model.addAttribute("schedule", schedule);
        model.addAttribute("zone", zone);
        model.addAttribute("waitsSince", schedules.waitsForResultsSince(name).orElse(null));
        model.addAttribute("local", show(model).in(zone));
        model.addAttribute("isOtherZone", differ(ZoneId.of(zone), show(model)));
        model.addAttribute("next", next(name, show(model).now()));
        model.addAttribute("mayReadPayload", caller.may(Authority.TASK_PAYLOAD));
        model.addAttribute("cursor", cursor);
        var firings = firings(name, cursor, caller, show(model));
        model.addAttribute("firings", firings.get("items"));
        tellFailures(cursor == null ? items(firings) : List.of(), model);
        model.addAttribute("more", firings.get("cursor"));
        var backfills = backfills(name, schedule, caller, show(model));
        model.addAttribute("backfills", backfills);
        model.addAttribute("isBackfilling", backfills.stream().anyMatch(each -> "active".equals(each.get("state"))));
        return "celeriac/schedules/schedule";
    }

    /** Whether the reader's clock shows another time now. */
    private static boolean differ(ZoneId zone, Show show) {
        return !zone.getRules()
                .getOffset(show.now())
                .equals(show.zone().getRules().getOffset(show.now()));
    }

    private Fields schedule(String name, Caller caller, Locale language, Model model) {
        var answer = list.one(name, caller);
        model.addAttribute("version", answer.getHeaders().getFirst(HttpHeaders.ETAG));
        var body = Objects.requireNonNull(answer.getBody());
        var fields = data.object(caller, body);
        tellRule(fields, body, language);
        return fields;
    }

    /** The next fire times; of a paused schedule those that it would have. */
    private List<Instant> next(String name, Instant now) {
        return schedules.look(name).stream()
                .flatMap(row -> row instanceof StoredSchedule stored ? next(stored, now) : Stream.of())
                .toList();
    }

    private static Stream<Instant> next(StoredSchedule schedule, Instant now) {
        var first = schedule.schedule().enabled()
                ? Optional.ofNullable(schedule.progress().nextFireAt())
                : schedule.next(now);
        var times = schedule.timetable();
        return Stream.iterate(first, Optional::isPresent, time -> time.flatMap(times::next))
                .flatMap(Optional::stream)
                .limit(Math.min(NEXT, schedule.firesLeft()));
    }

    private Fields firings(String name, @Nullable String cursor, Caller caller, Show show) {
        try {
            var page = data.object(caller, list.firings(name, FIRINGS, cursor, caller));
            var items = items(page);
            tellTaskStates(items, caller);
            tellReasons(items, show);
            return page;
        } catch (InvalidScheduleException e) {
            throw ProblemException.invalid(e.field(), e.rule());
        }
    }

    /** How many runs have failed since the last success, of those on the page, and the latest of them. */
    private static void tellFailures(List<Fields> firings, Model model) {
        var ended = firings.stream()
                .filter(firing -> ENDED.contains(String.valueOf(firing.get("taskState"))))
                .takeWhile(firing -> FAILURE.equals(firing.get("taskState")))
                .toList();
        model.addAttribute("failing", ended.size());
        model.addAttribute("failed", ended.isEmpty() ? null : ended.get(0).get("taskId"));
    }

    private List<Fields> backfills(String name, Fields schedule, Caller caller, Show show) {
        if (schedule.get("error") != null) {
            return List.of(); // a row that cannot be read has none
        }
        var items = items(data.object(caller, manual.backfills(name, BACKFILLS, caller)));
        tellReasons(items, show);
        return items;
    }

    private static List<Fields> items(Fields page) {
        return page.get("items") instanceof List<?> items
                ? items.stream().map(Fields.class::cast).toList()
                : List.of();
    }

    private static void tellReasons(List<Fields> items, Show show) {
        items.forEach(item -> {
            if (item.get("reason") instanceof String reason) {
                item.put("reason", ReasonWords.of(reason, show));
            }
        });
    }

    private static Show show(Model model) {
        return (Show) Objects.requireNonNull(model.getAttribute("show"));
    }
}
