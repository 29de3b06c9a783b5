import { expect, test, vi } from 'vitest';

test('node:crypto is loaded at the first use, not with the package', async () => {
  vi.resetModules();
  using getBuiltinModule = vi.spyOn(process, 'getBuiltinModule');
  const { sha256, createRequestId } = await import('./index.ts');
  expect(getBuiltinModule).not.toHaveBeenCalledWith('node:crypto');
  sha256('');
  expect(getBuiltinModule).toHaveBeenCalledWith('node:crypto');
  getBuiltinModule.mockClear();
  createRequestId();
  expect(getBuiltinModule).toHaveBeenCalledWith('node:crypto');
});
