package io.celeriac.resultsweb.event;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An output on a connection of the servlet container, which calls back when the connection is ready. */
final class ServletOutput implements EventOutput, WriteListener, AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(ServletOutput.class);

    private final EventClient client;
    private final AsyncContext async;
    private final ServletOutputStream stream;
    private final Runnable abort;

    private ServletOutput(EventClient client, AsyncContext async, ServletOutputStream stream, Runnable abort) {
        this.client = client;
        this.async = async;
        this.stream = stream;
        this.abort = abort;
    }

    /** Makes the request asynchronous, and opens the client. The headers must be set. */
    static void open(EventClient client, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var async = request.startAsync();
        async.setTimeout(0);
        var stream = response.getOutputStream();
        var abort =
                request.getAttribute(AbortValve.ATTRIBUTE) instanceof Runnable now ? now : (Runnable) async::complete;
        var output = new ServletOutput(client, async, stream, abort);
        client.open(output);
        async.addListener(output);
        stream.setWriteListener(output);
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        stream.write(bytes);
    }

    @Override
    public void flush() throws IOException {
        stream.flush();
    }

    @Override
    public void complete() {
        end(async::complete);
    }

    @Override
    public void abort() {
        end(abort);
    }

    @Override
    public void onWritePossible() {
        client.writable();
    }

    @Override
    public void onError(Throwable error) {
        LOG.debug("a stream broke", error);
        client.closed();
    }

    @Override
    public void onError(AsyncEvent event) {
        client.closed();
        complete();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        onError(event);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        client.closed();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // asynchronous processing is never restarted
    }

    private static void end(Runnable how) {
        try {
            how.run();
        } catch (IllegalStateException e) {
            LOG.debug("the container ended the stream first", e);
        }
    }
}
