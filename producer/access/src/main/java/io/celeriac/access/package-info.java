/** Access control: who may call what. It owns the tables {@code access_*}. */
@NullMarked
package io.celeriac.access;

import org.jspecify.annotations.NullMarked;
