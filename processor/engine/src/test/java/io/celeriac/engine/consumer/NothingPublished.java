package io.celeriac.engine.consumer;

import io.celeriac.engine.task.Sender;

/** For engines that publish by Streams, and do not ask what has become of it. */
public final class NothingPublished implements Published {

    @Override
    public long sent() {
        return 0;
    }

    @Override
    public void flush() {}

    @Override
    public void flushPublished(long count) {}

    @Override
    public long failures() {
        return 0;
    }

    @Override
    public Sender sender() {
        return null;
    }
}
