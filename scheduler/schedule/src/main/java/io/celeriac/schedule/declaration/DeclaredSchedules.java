package io.celeriac.schedule.declaration;

import static java.util.stream.Collectors.toMap;

import io.celeriac.schedule.ScheduleRow;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Lists the schedules that applications declare, with the outcome. Safe for use by several threads. */
public final class DeclaredSchedules {

    private final DeclarationRepository repository;

    DeclaredSchedules(DataSource database) {
        repository = new DeclarationRepository(database);
    }

    /**
     * The declarations of some schedules, by schedule id. They are of the application that owns the schedule, and of others that
     * declare the same name.
     */
    public Map<String, List<DeclaredSchedule>> of(Collection<? extends ScheduleRow> schedules) {
        if (schedules.isEmpty()) {
            return Map.of();
        }
        var declared = repository.of(
                schedules.stream().map(ScheduleRow::id).toList(),
                schedules.stream().map(ScheduleRow::name).toList());
        return schedules.stream()
                .collect(toMap(
                        ScheduleRow::id,
                        schedule -> declared.stream()
                                .filter(each ->
                                        each.owns(schedule) || each.name().equals(schedule.name()))
                                .toList()));
    }

    /**
     * A page of declared schedules, in the order of applications and names.
     *
     * @param source name of an application; null for all
     * @param remarked whether to return only those with a remark
     * @param cursor {@link Page#cursor()} of the page before; null to begin
     * @throws io.celeriac.schedule.rule.InvalidScheduleException when there never was such a cursor
     */
    public Page list(@Nullable String source, boolean remarked, int limit, @Nullable String cursor) {
        var after = cursor == null ? DeclarationCursor.BEGIN : DeclarationCursor.of(cursor);
        var items = repository.list(source, remarked, after, limit);
        return new Page(
                items,
                items.size() < limit
                        ? null
                        : DeclarationCursor.after(items.get(items.size() - 1)).toString());
    }

    /**
     * A page of declared schedules.
     *
     * @param cursor where the next page begins; null when this is the last
     */
    public record Page(
            List<DeclaredSchedule> items, @Nullable String cursor) {}
}
