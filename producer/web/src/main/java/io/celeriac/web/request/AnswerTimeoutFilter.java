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

    private static final String IS_LONG = AnswerTimeoutFilter.class.getName() + ".long";

    /** Bytes of a long answer that buy one more second. */
    private static final int LEAST_BYTES_A_SECOND = 64 << 10;

    private static final long NANOS_A_SECOND = 1_000_000_000;

    private final Duration timeout;

    /**
     * @param timeout for all that an answer waits for its client, in sum
     */
    public AnswerTimeoutFilter(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Gives the answer to this request more time with each byte, as for a file: the client may then take it at a slow pace, but not at
     * any pace. To be called before the answer begins.
     */
    public static void allowLongAnswer(HttpServletRequest request) {
        request.setAttribute(IS_LONG, true);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, new Timed(request, response));
    }

    private final class Timed extends HttpServletResponseWrapper {
        private final HttpServletRequest request;
        private @Nullable ServletOutputStream stream;

        Timed(HttpServletRequest request, HttpServletResponse response) {
            super(response);
            this.request = request;
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            var once = stream;
            if (once == null) {
                var isLong = request.getAttribute(IS_LONG) != null;
                once = new TimedStream(
                        super.getOutputStream(), timeout.toNanos(), isLong ? NANOS_A_SECOND / LEAST_BYTES_A_SECOND : 0);
                stream = once;
            }
            return once;
        }
    }

    private static final class TimedStream extends ServletOutputStream {
        private static final int PIECE = 8 << 10;

        private final ServletOutputStream stream;
        private final long nanosAByte;
        private long nanos;
        private long waited;
        private boolean waits = true;

        /**
         * @param nanosAByte by which each byte extends the time
         */
        TimedStream(ServletOutputStream stream, long nanos, long nanosAByte) {
            this.stream = stream;
            this.nanos = nanos;
            this.nanosAByte = nanosAByte;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!waits) {
                stream.write(bytes, offset, length);
                return;
            }
            for (var at = 0; at < length; at += PIECE) {
                if (waited >= nanos) {
                    throw new IOException("the client takes the answer too slowly");
                }
                var piece = Math.min(PIECE, length - at);
                var begun = System.nanoTime();
                stream.write(bytes, offset + at, piece);
                waited += System.nanoTime() - begun;
                nanos += piece * nanosAByte;
            }
        }

        @Override
        public void flush() throws IOException {
            if (!waits) {
                stream.flush();
                return;
            }
            var begun = System.nanoTime();
            stream.flush();
            waited += System.nanoTime() - begun;
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
