package io.celeriac.controlweb.limit;

import io.celeriac.contract.control.LiveSetting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Limits that somebody has set; all fields are absent while nobody has.
 *
 * @param concurrency the most attempts at once on each worker; absent for the configured number
 * @param rateLimit how often an attempt may begin on each worker; absent for the configured one
 * @param id of the change
 * @param by who made it
 * @param at when it was made
 * @param note why
 */
public record LiveLimits(
        @Nullable Integer concurrency,
        @Nullable String rateLimit,
        @Nullable String id,
        @Nullable String by,
        @Nullable Instant at,
        @Nullable String note) {

    public static final LiveLimits NONE = new LiveLimits(null, null, null, null, null, null);

    private static final String NO_TAG = "none";

    static LiveLimits of(LiveSetting setting) {
        return new LiveLimits(
                setting.concurrency(), setting.rateLimit(), setting.id(), setting.by(), setting.at(), setting.note());
    }

    /** The value of the ETag. */
    public String tag() {
        return id == null ? NO_TAG : id;
    }

    /** The id that an If-Match names: empty for limits that nobody has set, null without a condition. */
    static @Nullable String idOf(@Nullable String ifMatch) {
        if (ifMatch == null) {
            return null;
        }
        var tag = ifMatch.strip().replace("\"", "");
        tag = tag.startsWith("W/") ? tag.substring(2) : tag; // a proxy that compresses makes it weak
        return tag.equals(NO_TAG) ? "" : tag;
    }
}
