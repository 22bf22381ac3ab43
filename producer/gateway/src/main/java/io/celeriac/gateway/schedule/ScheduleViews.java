package io.celeriac.gateway.schedule;

import io.celeriac.schedule.ScheduleJson;
import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.declaration.DeclaredSchedule;
import io.celeriac.schedule.declaration.DeclaredSchedules;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Schedules as the API tells them: their own fields, and what applications declare of them. */
final class ScheduleViews {

    static final String UNREADABLE =
            "One that somebody changed by SQL into what is no schedule has id, name, task, queue, kind, enabled, version"
                    + " and an error, which no other has; it does not fire, and can be replaced or deleted.";

    static final String DECLARATIONS =
            "declarations says which applications have it in their code (source), whose it is (owner), and why it is not as"
                    + " that application declared it last (remark).";

    private final DeclaredSchedules declared;

    ScheduleViews(DeclaredSchedules declared) {
        this.declared = declared;
    }

    JsonNode of(ScheduleRow schedule) {
        return of(List.of(schedule)).get(0);
    }

    List<JsonNode> of(List<? extends ScheduleRow> schedules) {
        var declarations = declared.of(schedules);
        return schedules.stream()
                .map(schedule -> view(schedule, declarations.getOrDefault(schedule.id(), List.of())))
                .toList();
    }

    private static JsonNode view(ScheduleRow schedule, List<DeclaredSchedule> declarations) {
        var json = ScheduleJson.json(schedule);
        var array = json.putArray("declarations");
        for (var each : declarations) {
            var entry = array.addObject().put("source", each.source()).put("owner", each.owns(schedule));
            if (each.remark() != null) {
                entry.put("remark", each.remark());
            }
        }
        return json;
    }
}
