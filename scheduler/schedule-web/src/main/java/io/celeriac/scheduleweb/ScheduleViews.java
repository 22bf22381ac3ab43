package io.celeriac.scheduleweb;

import io.celeriac.schedule.ScheduleJson;
import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.declaration.DeclaredSchedule;
import io.celeriac.schedule.declaration.DeclaredSchedules;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Builds the JSON of schedules for the API: their own fields, and their declarations by applications. */
final class ScheduleViews {

    static final String UNREADABLE =
            "A row that is no valid schedule, because somebody changed it by SQL, has only id, name, task, queue, kind,"
                    + " enabled, version and an error. It does not fire. Replace or delete it.";

    static final String DECLARATIONS =
            "declarations says which applications have the schedule in their code (source), which one owns it (owner), and"
                    + " why it differs from its last declaration (remark).";

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
