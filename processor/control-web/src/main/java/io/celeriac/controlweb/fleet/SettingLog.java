package io.celeriac.controlweb.fleet;

import io.celeriac.contract.control.LiveSetting;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which changes of live settings hold, by the order of the topic. Every gateway reads the same order, so all decide alike.
 *
 * <p>A change holds if it expects nothing, or the setting that holds, or the one that was written last. Workers follow what was written
 * last, whether it holds or not. So the author of a change that does not hold writes the setting again that does. Safe for use by several
 * threads.
 */
final class SettingLog {

    private static final int MOST_CHANGES = 1_000;

    /**
     * What is known of a setting.
     *
     * @param holding the latest that holds
     * @param last the latest that was written
     * @param offset of {@code last}
     */
    private record Known(LiveSetting holding, LiveSetting last, long offset) {

        boolean isMetBy(ChangeTerms terms) {
            if (terms.restores() != null) {
                return terms.restores() == offset;
            }
            return terms.expected() == null
                    || terms.expected().equals(tag(holding))
                    || terms.expected().equals(tag(last));
        }

        private static String tag(LiveSetting setting) {
            return setting.isSet() ? setting.id() : "";
        }
    }

    /**
     * The setting that holds, and has to be written again.
     *
     * @param after offset of the record that did not hold
     */
    record Repair(LiveSetting setting, long after) {}

    private final Map<String, Known> known = new HashMap<>(); // by key, also settings that were taken back
    private final Map<String, Optional<LiveSetting>> winners = new LinkedHashMap<>(); // of the latest changes, by id

    /** Takes a record of the topic. The first one of a key holds: what was before it is not known. */
    synchronized void read(LiveSetting setting, ChangeTerms terms, long offset) {
        var before = known.get(setting.key());
        var holding = before == null || before.isMetBy(terms) ? setting : before.holding;
        known.put(setting.key(), new Known(holding, setting, offset));
        if (terms.restores() == null) {
            winners.putIfAbsent(
                    setting.id(), holding.id().equals(setting.id()) ? Optional.empty() : Optional.of(holding));
            if (winners.size() > MOST_CHANGES) {
                winners.remove(winners.keySet().iterator().next());
            }
        }
    }

    /** The setting that was changed meanwhile, for a change that did not hold because of it; empty if it held, or is not known. */
    synchronized Optional<LiveSetting> winnerOver(String id) {
        return winners.getOrDefault(id, Optional.empty());
    }

    /** What has to be written again so that the setting that holds is the last one; empty if it is. */
    synchronized Optional<Repair> repair(String key) {
        @Nullable Known latest = known.get(key);
        return latest == null || latest.holding.id().equals(latest.last.id())
                ? Optional.empty()
                : Optional.of(new Repair(latest.holding, latest.offset));
    }

    /** Takes the end of a record. */
    synchronized void forget(String key) {
        known.remove(key);
    }
}
