interface Shown {
  /** Where it ended, after all redirects. */
  readonly path: string;
  readonly status: number;
  readonly html: string;
}

/** Someone with a browser that keeps cookies, without the browser. `url` has no slash at its end. */
export function openVisitor(url: string) {
  const cookies = new Map<string, string>();
  const setCookies: string[] = [];
  let token = '';

  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  async function request(path: string, init?: RequestInit): Promise<Response> {
    const headers: Record<string, string> = cookies.size === 0 ? {} : { cookie: cookie() };
    const response = await fetch(url + path, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
      setCookies.push(line);
    }
    return response;
  }

  async function show(path: string, init?: RequestInit): Promise<Shown> {
    const response = await request(path, init);
    const location = response.headers.get('location');
    if (location !== null) return show(location);
    const html = await response.text();
    token = /name=csrf value="([^"]+)"/.exec(html)?.[1] ?? token;
    return { path, status: response.status, html };
  }

  const post = (path: string, fields: Readonly<Record<string, string>>) =>
    show(path, { method: 'POST', body: new URLSearchParams(fields) });

  return {
    cookie,
    /** Every `Set-Cookie` header so far. */
    setCookies,
    open: (path: string) => show(path),
    post,
    /** Sends a form of the page that was shown last. */
    submit: (path: string, fields: Readonly<Record<string, string>> = {}) => post(path, { ...fields, csrf: token }),
    json: async (path: string): Promise<unknown> => (await request(path)).json(),
  };
}
