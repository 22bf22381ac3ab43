package io.celeriac.engine.control;

import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings that people have changed while the workers run: pauses of queues, and limits. They go before the configured ones. Safe for
 * use by several threads.
 */
public final class LiveSettings {

    private final String worker;
    private final ConcurrentMap<String, LiveSetting> byKey = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, HandlerLimits> handlers = new ConcurrentHashMap<>(); // by name

    /**
     * @param worker this worker's id
     */
    public LiveSettings(String worker) {
        this.worker = worker;
    }

    /** Settings that nobody has changed. */
    public static LiveSettings none() {
        return new LiveSettings("");
    }

    /** Puts a setting in force, or takes one back. */
    public void put(LiveSetting setting) {
        if (setting.kind() == Kind.HANDLER) {
            if (setting.isSet()) {
                handlers.put(setting.target(), new HandlerLimits(setting.concurrency(), setting.rate()));
            } else {
                handlers.remove(setting.target());
            }
        }
        if (setting.isSet()) {
            byKey.put(setting.key(), setting);
        } else {
            byKey.remove(setting.key());
        }
    }

    /** Whether a setting concerns this worker. */
    boolean concerns(LiveSetting setting) {
        return setting.kind() != Kind.WORKER
                || setting.target().equals(LiveSetting.ALL)
                || setting.target().equals(worker);
    }

    /** The pause of a queue; null if it is not paused. */
    public @Nullable LiveSetting pause(String queue) {
        return byKey.isEmpty() ? null : byKey.get(LiveSetting.key(Kind.QUEUE, queue));
    }

    /** Whether a queue is paused, so that nothing of it begins. */
    public boolean isPaused(String queue) {
        return pause(queue) != null;
    }

    /** The limits of a handler that are in force. */
    public HandlerLimits limits(Handler handler) {
        if (handlers.isEmpty()) {
            return handler.limits();
        }
        var live = handlers.get(handler.name());
        return live == null ? handler.limits() : handler.limits().overriddenBy(live);
    }

    /**
     * The most attempts at once on this worker. A setting of this worker goes before a setting of all workers.
     *
     * @param configured the number if nobody has set another
     */
    public int concurrency(int configured) {
        var own = concurrency(LiveSetting.key(Kind.WORKER, worker));
        var all = own == null ? concurrency(LiveSetting.key(Kind.WORKER, LiveSetting.ALL)) : own;
        return all == null ? configured : all;
    }

    private @Nullable Integer concurrency(String key) {
        var setting = byKey.get(key);
        return setting == null ? null : setting.concurrency();
    }
}
