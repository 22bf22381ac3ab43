package io.celeriac.bench.gateway;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts the events of a stream, and lets go of it when it is closed. */
final class EventCount implements Flow.Subscriber<String>, AutoCloseable {

    private final AtomicLong events = new AtomicLong();
    private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        subscription.set(opened);
        opened.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
        if (line.startsWith("event:")) {
            events.incrementAndGet();
        }
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onComplete() {}

    long events() {
        return events.get();
    }

    @Override
    public void close() {
        var opened = subscription.get();
        if (opened != null) {
            opened.cancel();
        }
    }
}
