package io.celeriac.bench.schedules;

import io.celeriac.bench.schedules.Emission.Window;
import io.celeriac.bench.schedules.SchedulesRepository.Line;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What became of the runs that were due in some time.
 *
 * @param due how many were
 * @param lost those of which the topic has no task
 * @param doubled tasks that the topic has once more under the same id, which workers pass over
 * @param strange tasks under another id than the first of the same run, which workers would run again
 * @param idsOfSeveral tasks under an id that another run has
 * @param withoutHistory runs of which the history has no line with the id of their task
 * @param skipped lines of the history that tell of a run that was skipped
 */
record Findings(int due, int lost, int doubled, int strange, int idsOfSeveral, int withoutHistory, int skipped) {

    static Findings of(Fleet fleet, Window window, List<Emission> emissions, List<Line> history) {
        Map<Integer, String> ids = new HashMap<>();
        var all = new HashSet<String>();
        var doubled = 0;
        var strange = 0;
        var idsOfSeveral = 0;
        for (var emission : emissions) {
            if (emission.isDueIn(window)) {
                var first = ids.putIfAbsent(emission.firing(), emission.taskId());
                if (first == null) {
                    idsOfSeveral += all.add(emission.taskId()) ? 0 : 1;
                } else if (first.equals(emission.taskId())) {
                    doubled++;
                } else {
                    strange++;
                }
            }
        }
        var due = fleet.from(window.to()) - fleet.from(window.from());
        var told = new BitSet();
        history.stream()
                .filter(line -> line.taskId().equals(ids.get(number(line, fleet))))
                .forEach(line -> told.set(number(line, fleet)));
        return new Findings(due, due - ids.size(), doubled, strange, idsOfSeveral, due - told.cardinality(), (int)
                history.stream().filter(line -> line.taskId().isEmpty()).count());
    }

    private static int number(Line line, Fleet fleet) {
        return fleet.number(line.schedule(), line.fireTime());
    }

    /** Whether each run has been emitted, under one id of its own, and the history tells of it. */
    boolean areAsTheyShould() {
        return lost == 0 && strange == 0 && idsOfSeveral == 0 && withoutHistory == 0 && skipped == 0;
    }
}
