/** Which code runs a task, with which arguments, and what happens when it fails. */
@NullMarked
package io.celeriac.engine.handler;

import org.jspecify.annotations.NullMarked;
