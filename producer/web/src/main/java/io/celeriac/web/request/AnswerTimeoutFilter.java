package io.celeriac.web.request;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Ends an answer that its client takes too slowly. The server itself ends an answer only when the client takes nothing for a
 * while, so a client that takes a few bytes now and then would hold a thread for ever. Event streams are exempt: no thread
 * waits for them, and they have their own limits.
 */
public final class AnswerTimeoutFilter extends OncePerRequestFilter {

    private final Duration timeout;

    /**
     * @param timeout counted from the first byte of the answer
     */
    public AnswerTimeoutFilter(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Timed(response));
    }

    private final class Timed extends HttpServletResponseWrapper {
        private @Nullable ServletOutputStream stream;

        Timed(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            var once = stream;
            if (once == null) {
                once = new TimedStream(super.getOutputStream(), timeout.toNanos());
                stream = once;
            }
            return once;
        }
    }

    private static final class TimedStream extends ServletOutputStream {
        private static final int PIECE = 8 << 10;

        private final ServletOutputStream stream;
        private final long nanos;
        private long begun;
        private boolean waits = true;

        TimedStream(ServletOutputStream stream, long nanos) {
            this.stream = stream;
            this.nanos = nanos;
        }

        @Override
        public void write(int one) throws IOException {
            inTime();
            stream.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!waits) {
                stream.write(bytes, offset, length);
                return;
            }
            for (var at = 0; at < length; at += PIECE) {
                inTime();
                stream.write(bytes, offset + at, Math.min(PIECE, length - at));
            }
        }

        private void inTime() throws IOException {
            if (!waits) {
                return;
            }
            if (begun == 0) {
                begun = System.nanoTime();
            } else if (System.nanoTime() - begun > nanos) {
                throw new IOException("the client takes the answer too slowly");
            }
        }

        @Override
        public void flush() throws IOException {
            stream.flush();
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            waits = false;
            stream.setWriteListener(listener);
        }
    }
}
