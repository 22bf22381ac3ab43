package io.celeriac.bench.command;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a part of a benchmark as its {@code toString} tells it. */
public abstract class NameConverter<E extends Enum<E>> implements ITypeConverter<E> {

    private final List<E> parts;

    protected NameConverter(Class<E> type) {
        parts = List.of(type.getEnumConstants());
    }

    @Override
    public E convert(String name) {
        return parts.stream()
                .filter(part -> part.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no part \"" + name + "\", only " + parts));
    }
}
