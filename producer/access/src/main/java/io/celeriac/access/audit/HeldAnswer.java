package io.celeriac.access.audit;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** An answer that is not sent before it is released, if it is small enough for the buffer. */
final class HeldAnswer extends HttpServletResponseWrapper {

    private static final int BUFFER = 64 << 10;

    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;
    private volatile boolean released;

    HeldAnswer(HttpServletResponse response) {
        super(response);
        if (response.getBufferSize() < BUFFER) {
            response.setBufferSize(BUFFER);
        }
    }

    /** Sends what was held. */
    void release() throws IOException {
        released = true;
        if (writer != null) {
            writer.flush();
        }
        super.flushBuffer();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        var once = writer;
        if (once == null) {
            once = new PrintWriter(new OutputStreamWriter(getOutputStream(), getCharacterEncoding()));
            writer = once;
        }
        return once;
    }

    /** Also forgets what a writer still has. */
    @Override
    public void resetBuffer() {
        super.resetBuffer();
        writer = null;
    }

    @Override
    public void reset() {
        super.reset();
        writer = null;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (released) {
            super.flushBuffer();
        }
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        var once = stream;
        if (once == null) {
            once = new Held(super.getOutputStream());
            stream = once;
        }
        return once;
    }

    private final class Held extends ServletOutputStream {
        private final ServletOutputStream out;

        Held(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (released) {
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (released) {
                out.close();
            }
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
